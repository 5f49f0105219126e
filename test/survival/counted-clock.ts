import type { Clock } from '@longhaul/core';

/** A clock that counts its pending sleeps. A sleep that is pending after the end of all runs is a leak. */
export function countedClock(clock: Clock): Clock & { readonly pending: number } {
  let pending = 0;
  return {
    now: () => clock.now(),
    sleep: async (ms, signal) => {
      pending += 1;
      await clock.sleep(ms, signal);
      pending -= 1;
    },
    get pending() {
      return pending;
    },
  };
}
