import type { Clock } from './clock.ts';

/** The longest delay that `setTimeout` takes: a greater one would fire at once. */
const longestTimeout = 2_147_483_647;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  // Old JavaScript engines of phones have none.
  ...(typeof performance === 'undefined' ? {} : { monotonic: () => performance.now() }),
  sleep: async (ms, signal) => {
    // What is no number is no delay.
    let left = Math.max(0, Number.isNaN(ms) ? 0 : ms);
    // Also for no time at all: a loop of sleeps must let the rest of the process have its turn.
    while (left >= 0 && signal?.aborted !== true) {
      const part = Math.min(left, longestTimeout);
      left = left === part ? -1 : left - part;
      await new Promise<void>((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', end);
          resolve();
        };
        const timer = setTimeout(end, part);
        signal?.addEventListener('abort', end);
      });
    }
  },
};
