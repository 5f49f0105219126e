import type { Clock } from './clock.ts';

/** Returns milliseconds for measuring durations, from the clock that does not jump if there is one. */
export function monotonicNow(clock: Clock): number {
  return clock.monotonic?.() ?? clock.now();
}
