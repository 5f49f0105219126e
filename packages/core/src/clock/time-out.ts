import type { Clock } from './clock.ts';
import { monotonicNow } from './elapsed.ts';

/** A timer that fires this many milliseconds late was delayed by a blocked process. */
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
