import type { Clock } from './clock.ts';
import { abortReason } from './abort-reason.ts';
import { timeOut } from './time-out.ts';

/**
 * Returns the result of `work`, or of `late` after `limitMs` milliseconds. Without `limitMs` there is no time limit.
 */
export async function within<T>(
  limitMs: number | undefined,
  clock: Clock,
  work: Promise<T>,
  late: () => T,
): Promise<T> {
  if (limitMs === undefined) return work;
  const done = new AbortController();
  try {
    const first = await Promise.race([
      work.then((value) => ({ value })),
      timeOut(clock, limitMs, done.signal),
    ]);
    return first === undefined ? late() : first.value;
  } finally {
    done.abort(abortReason);
  }
}
