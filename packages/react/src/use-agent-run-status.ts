'use client';

import type { RunStatus, RunView } from '@longhaul/core';
import { useRunSelection } from './use-run-selection.ts';

const statusOf = (view: RunView): RunStatus => view.status;

/**
 * Returns the status of a run, or `idle` while no run is loaded. Renders only when the status changes, not for text.
 *
 * @example
 * const status = useAgentRunStatus(runId);
 */
export function useAgentRunStatus(runId: string | undefined): RunStatus | 'idle' {
  return useRunSelection(runId, statusOf) ?? 'idle';
}
