import type { Runner, ThreadRun } from '@longhaul/core';
import type { QueryClient } from '@tanstack/react-query';
import { agentThreadKeys } from './agent-thread-keys.ts';

/**
 * Reads the runs of the shown threads again if another process has added one. A list of hundreds of runs is not read for
 * each turn: the newest run of the thread shows whether there is one that this page does not know.
 *
 * @param isRemoved Whether a run was removed from the runner, perhaps because it was deleted
 */
export async function refreshThreads(runner: Runner, client: QueryClient, isRemoved: boolean): Promise<void> {
  const details = [...agentThreadKeys.all, 'detail'];
  const shown = client.getQueryCache().findAll({ queryKey: details, type: 'active' });
  await Promise.all(
    shown.map(async ({ queryKey, state }) => {
      const known: readonly ThreadRun[] = Array.isArray(state.data) ? state.data : [];
      const isStale = isRemoved || (await hasUnknownRun(runner, String(queryKey.at(-1)), known));
      if (isStale) await client.invalidateQueries({ queryKey, exact: true });
    }),
  );
}

async function hasUnknownRun(
  runner: Runner,
  threadId: string,
  known: readonly ThreadRun[],
): Promise<boolean> {
  // If the store or the server is not available, the next change tries again.
  const listed = await runner.list({ threadId, limit: 1 }).catch(() => undefined);
  const [newest] = listed ?? [];
  if (newest === undefined) return listed !== undefined && known.length > 0;
  return runner.get(newest.runId) === undefined && known.every(({ runId }) => runId !== newest.runId);
}
