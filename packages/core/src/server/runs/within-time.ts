import type { Clock } from '../../clock/clock.ts';
import { withTimeout } from '../../clock/time-out.ts';

/**
 * How long a request waits for the store, in milliseconds. A runner retries for a minute, but a page that waits so long
 * cannot distinguish that from a lost connection.
 */
const waitMs = 10_000;

/** Whether work has ended, with its result, within the time of a request. The work continues after that time. */
export async function withinTime<T>(
  clock: Clock,
  work: Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  const ended = work.then((value) => ({ value }));
  // After the time, no caller awaits the work.
  ended.catch(() => undefined);
  return withTimeout<{ readonly value: T } | undefined>(waitMs, clock, ended, () => undefined);
}
