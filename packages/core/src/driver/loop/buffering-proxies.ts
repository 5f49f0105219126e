import type { ResponsesClient } from '../../client/responses-client.ts';
import { monotonicNow, type Clock } from '../../clock/clock.ts';

/** How long a client's streams count as buffered by a proxy after one was, in milliseconds. */
const rememberMs = 3_600_000;

/** For each client, the time until which its streams count as buffered, by the clock that noticed it. */
const known = new WeakMap<ResponsesClient, WeakMap<Clock, number>>();

/** Remembers that a client reaches the API through a proxy that holds streams back until the response is over. */
export function rememberBuffering(client: ResponsesClient, clock: Clock): void {
  const clocks = known.get(client) ?? new WeakMap<Clock, number>();
  known.set(client, clocks.set(clock, monotonicNow(clock) + rememberMs));
}

/**
 * Milliseconds for which the client's creates are still sent without `stream`, in every runner that has it; 0 for
 * none.
 */
export function bufferingMs(client: ResponsesClient, clock: Clock): number {
  const until = known.get(client)?.get(clock);
  return until === undefined ? 0 : Math.max(0, until - monotonicNow(clock));
}
