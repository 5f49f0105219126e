import type { ManualClock } from '@longhaul/core/testing';

/** More than any limit that a test sets: what is not over by then never will be. */
const longestMs = 26 * 3_600_000;
const mostSteps = 30_000;

/**
 * Moves time on, from one thing that is due to the next, until `over` says so.
 *
 * @throws Error when nothing is due any more, or a day has passed: the program hangs, or never ends
 */
export async function driveUntil(clock: ManualClock, over: () => boolean): Promise<void> {
  const began = clock.now();
  await clock.advance(0);
  for (let steps = 0; !over(); steps += 1) {
    if (steps >= mostSteps) throw new Error(`${mostSteps} things were due one after the other: it spins.`);
    const next = clock.nextAt;
    if (next === undefined) throw new Error('Nothing is due any more: it hangs.');
    if (next - began > longestMs) throw new Error('A day has passed: it never ends.');
    await clock.advance(Math.max(0, next - clock.now()));
  }
}

/** What became of a promise by now; moves no time. */
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
