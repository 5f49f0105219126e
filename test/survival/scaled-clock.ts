import type { Clock } from '@longhaul/core';

/**
 * The machine's time, so many times faster: what lasts a minute lasts two seconds by a factor of 30. Processes agree on
 * it, as claims that run out need. Only where real processes are tested: elsewhere time is moved by hand.
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
