import type { Clock } from './clock.ts';

/** Milliseconds to measure durations with: by the clock that does not jump, where there is one. */
export function monotonicNow(clock: Clock): number {
  return clock.monotonic?.() ?? clock.now();
}
