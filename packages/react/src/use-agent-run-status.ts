'use client';

import type { RunStatus, RunView } from '@longhaul/core';
import { useRunSelection } from './use-run-selection.ts';

const statusOf = (view: RunView): RunStatus => view.status;

/**
 * The status of a run, `idle` while there is none. Renders on changes of status only, however fast text streams.
 *
 * @example
 * const status = useAgentRunStatus(runId);
 */
export function useAgentRunStatus(runId: string | undefined): RunStatus | 'idle' {
  return useRunSelection(runId, statusOf) ?? 'idle';
}
