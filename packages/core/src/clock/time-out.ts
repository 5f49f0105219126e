import type { Clock } from './clock.ts';
import { monotonicNow } from './elapsed.ts';

/** A time-out that ends so much later than it should, in milliseconds, was held up with its process. */
const heldUpMs = 1_000;

/**
 * Waits until something has taken too long. Where the event loop was blocked meanwhile, a debugger held the process or a
 * page was frozen, timers ring before what has arrived is read: a second more shows whether it has.
 */
export async function timeOut(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const dueAt = monotonicNow(clock) + ms;
  await clock.sleep(ms, signal);
  if (!signal.aborted && monotonicNow(clock) - dueAt > heldUpMs) await clock.sleep(heldUpMs, signal);
}
