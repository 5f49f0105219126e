import { monotonicNow, type Clock } from './clock.ts';
import { abortReason } from './abort-reason.ts';

/**
 * A timer that fires more than this many milliseconds late counts as delayed by a blocked process. `timeOut` then waits
 * for this time again.
 */
const heldUpMs = 1_000;

/**
 * Waits until a time limit has passed. If the event loop was blocked, a debugger paused the process or a page was
 * frozen, timers fire before arrived data is read. One more second shows whether data had arrived.
 */
export async function timeOut(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const dueAt = monotonicNow(clock) + ms;
  await clock.sleep(ms, signal);
  if (!signal.aborted && monotonicNow(clock) - dueAt > heldUpMs) await clock.sleep(heldUpMs, signal);
}

/**
 * Returns the result of `work`, or of `late` after `limitMs` milliseconds. Without `limitMs` there is no time limit.
 */
export async function withTimeout<T>(
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
