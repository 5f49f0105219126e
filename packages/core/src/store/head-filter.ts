import type { RunFilter, RunHead } from './run-store.ts';

/** Whether a run is one that `list` was asked for, wherever it stands in the list. */
export function headFilter({
  agent,
  status,
}: RunFilter): (head: Pick<RunHead, 'agent' | 'status'>) => boolean {
  const statuses = typeof status === 'string' ? [status] : status;
  return (head) =>
    (agent === undefined || head.agent === agent) &&
    (statuses === undefined || statuses.includes(head.status));
}
