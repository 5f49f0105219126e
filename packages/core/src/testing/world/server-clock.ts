import { monotonicNow, type Clock } from '../../clock/clock.ts';

/**
 * The clock of the simulated server, which is another machine. It advances with monotonic time and is never set back.
 * Wall time that runs ahead of monotonic time means that this machine slept, or that its clock was set
 * forward. This clock adds that time. `SteadyTime` does not add it, and reports it as a jump.
 */
export function serverClock(clock: Clock): Clock {
  const began = clock.now();
  let passed = 0;
  let steady = monotonicNow(clock);
  /** The largest lead of wall time over the monotonic time that has passed. */
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
