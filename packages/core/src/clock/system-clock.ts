import type { Clock } from './clock.ts';

/** The longest delay of `setTimeout`. A timer with a longer one would fire immediately. */
const longestTimeout = 2_147_483_647;

/** Node's timers are objects, those of browsers are numbers. */
function unref(timer: unknown): void {
  const { unref: release } = Object(timer);
  if (typeof release === 'function') Reflect.apply(release, timer, []);
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  // Old JavaScript engines on phones do not have `performance`.
  ...(typeof performance === 'undefined' ? {} : { monotonic: () => performance.now() }),
  sleep: async (ms, signal, options) => {
    // Treat NaN as no delay.
    let left = Math.max(0, Number.isNaN(ms) ? 0 : ms);
    // Waits even for 0 ms, so that a loop of sleeps does not block the process.
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
        if (options?.unref === true) unref(timer);
        signal?.addEventListener('abort', end);
      });
    }
  },
};
