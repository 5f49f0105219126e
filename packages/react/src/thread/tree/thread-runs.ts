import type { Run, RunView, ThreadRun } from '@longhaul/core';

function threadRunOf({ runId, agent, owner, continues, input, status, createdAt }: RunView): ThreadRun {
  return {
    ...{ runId, agent, status, createdAt },
    ...(owner === undefined ? {} : { owner }),
    ...(continues === undefined ? {} : { continues }),
    ...(continues !== undefined && input.length === 0 ? { isRetry: true } : {}),
  };
}

/** The saved runs of a thread, and those that the runner has loaded: a run that was just started is not saved yet. */
export function withLiveRunsOf(
  threadId: string | undefined,
  saved: readonly ThreadRun[],
  live: readonly Run[],
): readonly ThreadRun[] {
  const known = new Set(saved.map(({ runId }) => runId));
  const started = live
    .map(({ view }) => view)
    .filter((view) => view.threadId === threadId && !known.has(view.runId))
    .map(threadRunOf);
  return started.length === 0 ? saved : [...saved, ...started];
}

/** The owner of a thread. Undefined if the runs have none, and until the server has accepted one of them. */
export function ownerOf(runs: readonly ThreadRun[]): string | undefined {
  return runs.find(({ owner }) => owner !== undefined)?.owner;
}
