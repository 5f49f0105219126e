import type { RunFilter, RunHead } from './run-store.ts';

/** Returns a test of whether a run matches the filter of a `list`, regardless of its place in the list. */
export function headFilter({
  agent,
  status,
}: RunFilter): (head: Pick<RunHead, 'agent' | 'status'>) => boolean {
  const statuses = typeof status === 'string' ? [status] : status;
  return (head) =>
    (agent === undefined || head.agent === agent) &&
    (statuses === undefined || statuses.includes(head.status));
}
