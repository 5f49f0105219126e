import type { Run, RunFilter, RunSummary, RunView } from '@longhaul/core';

/**
 * A list of saved runs, brought up to date by the runs that live here: a run is saved a moment after it changed, so that
 * the store alone would list yesterday's status, and would not know a run that was started just now.
 */
export function withLiveRuns(
  saved: readonly RunSummary[],
  live: readonly Run[],
  filter: RunFilter = {},
): RunSummary[] {
  const listed = new Map(saved.map((summary) => [summary.runId, summary]));
  for (const { view } of live) {
    const { runId, agent, status, createdAt, updatedAt } = view;
    const known = listed.get(runId);
    if (!fits(view, filter)) listed.delete(runId);
    // Which page a run that is not saved yet belongs to is not known, but it is new: the first.
    else if (known !== undefined || filter.after === undefined) {
      listed.set(runId, { runId, agent, status, revision: known?.revision ?? 0, createdAt, updatedAt });
    }
  }
  return [...listed.values()]
    .toSorted((a, b) => b.createdAt - a.createdAt || (a.runId < b.runId ? -1 : 1))
    .slice(0, filter.limit);
}

function fits(view: RunView, { agent, status }: RunFilter): boolean {
  const statuses = typeof status === 'string' ? [status] : status;
  return (agent === undefined || agent === view.agent) && statuses?.includes(view.status) !== false;
}
