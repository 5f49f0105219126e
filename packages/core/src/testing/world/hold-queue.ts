import type { Emulation } from '../emulation.ts';
import { statusOf } from './status-of.ts';

/** Keeps queued responses queued and records the time that each has left. */
export function holdQueue({ world, clock, switches }: Emulation): void {
  const now = clock.now();
  switches.queueHeld = true;
  for (const response of world.all()) {
    const { startsAt, endsAt } = response;
    if (startsAt === null || statusOf(response, now) !== 'queued') continue;
    response.held = { queueMs: startsAt - now, runMs: endsAt === null ? null : endsAt - startsAt };
    response.startsAt = null;
    response.endsAt = null;
    world.changed(response.id);
  }
}

/** Continues held responses with the time that each had left. */
export function releaseQueue({ world, clock, switches }: Emulation): void {
  const now = clock.now();
  switches.queueHeld = false;
  for (const response of world.all()) {
    const { held } = response;
    if (held === null) continue;
    response.held = null;
    response.startsAt = held.queueMs === null ? null : now + held.queueMs;
    response.endsAt =
      response.startsAt === null || held.runMs === null ? null : response.startsAt + held.runMs;
    world.changed(response.id);
  }
}
