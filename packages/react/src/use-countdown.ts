'use client';

import { type TickOptions, useNow } from './use-now.ts';

/**
 * Returns the milliseconds until a time, and 0 after it. Undefined without a time, on servers and in the first render.
 *
 * @param until Milliseconds since the epoch.
 * @example
 * const leftMs = useCountdown(run.waiting?.nextPollAt);
 * return leftMs === undefined ? null : <span>next poll in {formatDuration(leftMs)}</span>;
 */
export function useCountdown(until: number | undefined, options: TickOptions = {}): number | undefined {
  const now = useNow(until, options, until);
  return until === undefined || now === undefined ? undefined : Math.max(0, until - now);
}
