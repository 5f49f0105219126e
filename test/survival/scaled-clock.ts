import type { Clock } from '@longhaul/core';

/**
 * The system clock, accelerated: with a factor of 30, a minute lasts two seconds. All processes have the same time, so
 * that claims expire correctly. It is for tests with real processes. Other tests use a manual clock.
 */
export function scaledClock(factor: number): Clock {
  return {
    now: () => Date.now() * factor,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true || !(ms > 0)) return resolve();
        const end = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', end);
          resolve();
        };
        const timer = setTimeout(end, Math.min(2_147_483_647, ms / factor));
        signal?.addEventListener('abort', end);
      }),
  };
}
