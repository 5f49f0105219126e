'use client';

import { isTerminalRun, type RunView } from '@longhaul/core';
import { type TickOptions, useNow } from './use-now.ts';

/**
 * Returns the milliseconds from a run's start to its end, or until now while it is active. On servers and in the first
 * render, the value is the time until the run's last change.
 *
 * @example
 * <time>{formatDuration(useElapsed(run.view) ?? 0)}</time>
 */
export function useElapsed(
  view: Pick<RunView, 'createdAt' | 'status' | 'updatedAt'> | undefined,
  options: TickOptions = {},
): number | undefined {
  const isOver = view === undefined || isTerminalRun(view.status);
  const now = useNow(isOver ? undefined : view.createdAt, options);
  return view === undefined ? undefined : Math.max(0, (now ?? view.updatedAt) - view.createdAt);
}
