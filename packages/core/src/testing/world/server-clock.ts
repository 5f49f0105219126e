import type { Clock } from '../../clock/clock.ts';
import { monotonicNow } from '../../clock/elapsed.ts';

/**
 * The server's own clock: it advances as time passes here, a sleep of the machine included, and is never set back, since
 * the server is another machine.
 */
export function serverClock(clock: Clock): Clock {
  const began = clock.now();
  let passed = 0;
  let steady = monotonicNow(clock);
  /** How far wall time has been ahead of what has passed. */
  let ahead = 0;
  let reached = began;
  const now = (): number => {
    const before = steady;
    steady = monotonicNow(clock);
    passed += Math.max(0, steady - before);
    ahead = Math.max(ahead, clock.now() - began - passed);
    reached = Math.max(reached, began + passed + ahead);
    return reached;
  };
  return {
    now,
    sleep: async (ms, signal) => {
      const until = now() + ms;
      await clock.sleep(ms, signal);
      // A sleep that has resolved is over: timers leave out parts of a millisecond.
      if (signal?.aborted !== true && until > reached) reached = until;
    },
  };
}
