import type { Clock } from './clock.ts';
import { abortReason } from './abort-reason.ts';
import { timeOut } from './time-out.ts';

/** What comes of `work`, or what `late` says of it once `limitMs` milliseconds are over. Without a limit there is none. */
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
