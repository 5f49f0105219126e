import { monotonicNow, type Clock } from '../../clock/clock.ts';

/**
 * The clock of the simulated server, which is another machine. It advances with monotonic time and with the time that
 * this machine sleeps, and is never set back. `SteadyTime` measures the same lead for the opposite purpose: the
 * runner's time line leaves the lead out and reports it as a jump.
 */
export function serverClock(clock: Clock): Clock {
  const began = clock.now();
  let passed = 0;
  let steady = monotonicNow(clock);
  /** The largest lead of wall time over the monotonic time that has passed: the time that the machine slept. */
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
      // A resolved sleep has ended, even if its timer fired a fraction of a millisecond early.
      if (signal?.aborted !== true && until > reached) reached = until;
    },
  };
}
