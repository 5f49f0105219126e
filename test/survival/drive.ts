import type { ManualClock } from '@longhaul/core/testing';

/** Longer than the default time limit of a run, which is 24 hours. */
const longestMs = 26 * 3_600_000;
const mostSteps = 30_000;

/**
 * Advances the clock from timer to timer until `over` returns true.
 *
 * @throws Error if no timer is left, after 26 hours of the clock, or after 30,000 timers
 */
export async function driveUntil(clock: ManualClock, over: () => boolean): Promise<void> {
  const began = clock.now();
  await clock.advance(0);
  for (let steps = 0; !over(); steps += 1) {
    if (steps >= mostSteps) throw new Error(`The program did not end within ${mostSteps} timers.`);
    const next = clock.nextAt;
    if (next === undefined) throw new Error('The program hangs: no timer is left.');
    if (next - began > longestMs) throw new Error('The program did not end within 26 hours of the clock.');
    await clock.advance(Math.max(0, next - clock.now()));
  }
}

/** The current state of a promise. Does not advance the clock. */
export function watched<T>(promise: Promise<T>): {
  readonly settled: boolean;
  readonly value: T | undefined;
  readonly error: unknown;
} {
  const seen: { settled: boolean; value: T | undefined; error: unknown } = {
    settled: false,
    value: undefined,
    error: undefined,
  };
  promise.then(
    (value) => {
      seen.value = value;
      seen.settled = true;
    },
    (error: unknown) => {
      seen.error = error;
      seen.settled = true;
    },
  );
  return seen;
}
