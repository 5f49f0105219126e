import type { ResponsesClient } from '../../client/responses-client.ts';
import { monotonicNow, type Clock } from '../../clock/clock.ts';

/** The time for which a client's streams count as buffered after a proxy has buffered one, in milliseconds. */
const rememberMs = 3_600_000;

/** The time until which each client's streams count as buffered, by the clock that measured it. */
const known = new WeakMap<ResponsesClient, WeakMap<Clock, number>>();

/** Remembers that a client reaches the API through a proxy that buffers streams until the response has ended. */
export function rememberBuffering(client: ResponsesClient, clock: Clock): void {
  const clocks = known.get(client) ?? new WeakMap<Clock, number>();
  known.set(client, clocks.set(clock, monotonicNow(clock) + rememberMs));
}

/** Milliseconds for which creates of the client are still sent without `stream`, in all its runners. */
export function bufferingMs(client: ResponsesClient, clock: Clock): number {
  const until = known.get(client)?.get(clock);
  return until === undefined ? 0 : Math.max(0, until - monotonicNow(clock));
}
