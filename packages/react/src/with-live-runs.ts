import { type Run, type RunFilter, type RunSummary, type RunView, summaryOfView } from '@longhaul/core';

/**
 * Updates a list of saved runs with the loaded runs. The store may return an older status than a loaded run has, and
 * does not contain a run that was just started.
 */
export function withLiveRuns(
  saved: readonly RunSummary[],
  live: readonly Run[],
  filter: RunFilter = {},
): RunSummary[] {
  const listed = new Map(saved.map((summary) => [summary.runId, summary]));
  for (const { view } of live) {
    const { runId } = view;
    const known = listed.get(runId);
    if (!fits(view, filter)) listed.delete(runId);
    // A run that is not saved yet is new, so it belongs to the first page.
    else if (known !== undefined || filter.after === undefined) {
      const { revision, ...summary } = summaryOfView(view);
      // The list of a server has the input as pages may see it, and so has the view.
      listed.set(runId, { ...known, ...summary, revision: known?.revision ?? revision });
    }
  }
  return [...listed.values()]
    .toSorted((a, b) => b.createdAt - a.createdAt || (a.runId < b.runId ? -1 : 1))
    .slice(0, filter.limit);
}

function fits(view: RunView, filter: RunFilter): boolean {
  const { runId = view.runId, agent = view.agent, owner = view.owner, threadId = view.threadId } = filter;
  const statuses = typeof filter.status === 'string' ? [filter.status] : filter.status;
  const isOf = runId === view.runId && agent === view.agent && owner === view.owner;
  return isOf && threadId === view.threadId && statuses?.includes(view.status) !== false;
}
