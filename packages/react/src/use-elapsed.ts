'use client';

import { isTerminalRun, type RunView } from '@longhaul/core';
import { type TickOptions, useNow } from './use-now.ts';

/**
 * Milliseconds that a run has taken, from its start to its end; ticks while it goes on. On servers and in the first
 * render: up to its last change.
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
