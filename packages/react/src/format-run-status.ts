import type { RunStatus } from '@longhaul/core';

/** What a person reads for each status. */
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
 * A status in words: English, or `labels` over it.
 *
 * @example
 * <p role="status">{formatRunStatus(run.status, { queued: 'In der Warteschlange' })}</p>
 */
export function formatRunStatus(status: RunStatus | 'idle', labels: Partial<RunStatusLabels> = {}): string {
  return labels[status] ?? english[status];
}
