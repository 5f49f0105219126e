import type { ResponsesClient } from '../../client/responses-client.ts';
import { monotonicNow, type Clock } from '../../clock/clock.ts';

/** The time until which each client's webhooks are expected, by the clock that measured it. Null: one was missing. */
const known = new WeakMap<ResponsesClient, WeakMap<Clock, number | null>>();

/** Remembers that webhooks of this client's responses arrive, for `forMs` milliseconds. 0: one was missing. */
export function rememberWebhooks(client: ResponsesClient, clock: Clock, forMs: number): void {
  const clocks = known.get(client) ?? new WeakMap<Clock, number | null>();
  known.set(client, clocks.set(clock, forMs > 0 ? monotonicNow(clock) + forMs : null));
}

/** Milliseconds for which webhooks are still expected; 0 if one was missing; undefined if nothing is known. */
export function expectedWebhooksMs(client: ResponsesClient, clock: Clock): number | undefined {
  const until = known.get(client)?.get(clock);
  if (until === undefined) return undefined;
  if (until === null) return 0;
  const left = until - monotonicNow(clock);
  return left > 0 ? left : undefined;
}
