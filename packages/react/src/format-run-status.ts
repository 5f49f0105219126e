import type { RunStatus } from '@longhaul/core';

/** The label of each status. */
export type RunStatusLabels = Readonly<Record<RunStatus | 'idle', string>>;

const english: RunStatusLabels = {
  idle: 'Not started',
  queued: 'Queued',
  in_progress: 'Working',
  running_tools: 'Running tools',
  requires_action: 'Waiting for you',
  cancelling: 'Cancelling',
  completed: 'Done',
  incomplete: 'Stopped short',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/**
 * Returns the label of a status. `labels` override the English defaults.
 *
 * @example
 * <p role="status">{formatRunStatus(run.status, { queued: 'In der Warteschlange' })}</p>
 */
export function formatRunStatus(status: RunStatus | 'idle', labels: Partial<RunStatusLabels> = {}): string {
  return labels[status] ?? english[status];
}
