import { type Run, type RunView, summaryOfView, type ThreadFilter, type ThreadSummary } from '@longhaul/core';

/**
 * Updates a list of saved threads with the loaded runs. The store does not contain a thread that was just started, and
 * may return an older status than the thread's active run has.
 */
export function withLiveThreads(
  saved: readonly ThreadSummary[],
  live: readonly Run[],
  filter: ThreadFilter = {},
): ThreadSummary[] {
  const { agent, owner, after, limit } = filter;
  const threads = new Map(saved.map((thread) => [thread.threadId, thread]));
  const started: ThreadSummary[] = [];
  for (const { view } of live) {
    if ((agent ?? view.agent) !== view.agent || (owner ?? view.owner) !== view.owner) continue;
    const known = threads.get(view.threadId);
    if (known !== undefined) threads.set(view.threadId, withRun(known, view));
    // A thread that is not saved yet is new, so it belongs to the first page.
    else if (after === undefined && view.continues === undefined) started.unshift(newThread(view));
  }
  return [...started, ...threads.values()].slice(0, limit);
}

function withRun(thread: ThreadSummary, { status, updatedAt }: RunView): ThreadSummary {
  return updatedAt < thread.updatedAt ? thread : { ...thread, status, updatedAt };
}

function newThread(view: RunView): ThreadSummary {
  const { threadId, status, updatedAt, title } = view;
  return { threadId, title: title ?? summaryOfView(view).input, status, updatedAt, runs: 1 };
}
