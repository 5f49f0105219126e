import type { Runner, RunView } from '@longhaul/core';
import { withLiveRunsOf } from '../thread/tree/thread-runs.ts';
import { type PathTurn, pathOf, threadTree, type TurnVersion } from '../thread/tree/thread-tree.ts';

/** The turns of a thread. */
export interface ChatThread {
  /** The turns up to the newest leaf below this run. Without a known run, to the newest leaf of the thread. */
  path(runId?: string): readonly PathTurn[];
  /** The version of a turn that contains this run. */
  find(runId: string | undefined): TurnVersion | undefined;
}

/** Reads the runs of a thread. A thread without runs is empty: a chat has its id before its first message is sent. */
export async function readThread(runner: Runner, threadId: string): Promise<ChatThread> {
  const saved = await runner.listThreadRuns(threadId);
  const tree = threadTree(withLiveRunsOf(threadId, saved, runner.runs));
  const path: ChatThread['path'] = (runId) => pathOf(tree, runId);
  const find: ChatThread['find'] = (runId) => {
    if (runId === undefined) return undefined;
    const turn = path(runId).find(({ version }) => version.runs.some((run) => run.runId === runId));
    return turn?.version;
  };
  return { path, find };
}

/** The current view of a run. Undefined if the run was deleted. */
export async function viewOf(runner: Runner, runId: string): Promise<RunView | undefined> {
  return runner.get(runId)?.view ?? (await runner.read(runId));
}

/** The views of the runs of a turn, oldest first. */
export async function viewsOf(runner: Runner, { runs }: TurnVersion): Promise<readonly RunView[]> {
  const views = await Promise.all(runs.map(({ runId }) => viewOf(runner, runId)));
  return views.filter((view) => view !== undefined);
}
