import type { Run, RunFilter, RunSummary, RunView } from '@longhaul/core';

/**
 * Updates a list of saved runs with the loaded runs. The store may return an older status than a loaded run has, and
 * does not contain a run that was just started. A view does not contain the owner of its run, so with the filter `owner`
 * only runs that the store returned are listed.
 */
export function withLiveRuns(
  saved: readonly RunSummary[],
  live: readonly Run[],
  filter: RunFilter = {},
): RunSummary[] {
  const listed = new Map(saved.map((summary) => [summary.runId, summary]));
  for (const { view } of live) {
    const { runId, agent, status, usage, createdAt, updatedAt } = view;
    const known = listed.get(runId);
    if (!fits(view, filter)) listed.delete(runId);
    // A run that is not saved yet is new, so it belongs to the first page.
    else if (known !== undefined || (filter.after === undefined && filter.owner === undefined)) {
      listed.set(runId, { revision: 0, ...known, runId, agent, status, usage, createdAt, updatedAt });
    }
  }
  return [...listed.values()]
    .toSorted((a, b) => b.createdAt - a.createdAt || (a.runId < b.runId ? -1 : 1))
    .slice(0, filter.limit);
}

function fits(view: RunView, { runId = view.runId, agent = view.agent, status }: RunFilter): boolean {
  const statuses = typeof status === 'string' ? [status] : status;
  return runId === view.runId && agent === view.agent && statuses?.includes(view.status) !== false;
}
