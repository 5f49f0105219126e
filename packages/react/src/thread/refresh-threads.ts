import type { Runner, ThreadRun } from '@longhaul/core';
import type { QueryClient } from '@tanstack/react-query';
import { agentThreadKeys } from './agent-thread-keys.ts';

/**
 * The number of newest runs that are compared. Several processes may add runs at the same time, and their clocks may
 * differ by seconds, so the run of another process is not always the newest one.
 */
const compared = 5;

/**
 * Reads the runs of the shown threads again if another process has added one, or if they could not be read. A list of hundreds of runs is not read for
 * each turn: the newest runs of the thread show whether there is one that this page does not know.
 *
 * @param isRemoved Whether a run was removed from the runner, perhaps because it was deleted
 */
export async function refreshThreads(runner: Runner, client: QueryClient, isRemoved: boolean): Promise<void> {
  const details = [...agentThreadKeys.all, 'detail'];
  const shown = client.getQueryCache().findAll({ queryKey: details, type: 'active' });
  await Promise.all(
    shown.map(async (query) => {
      const { queryKey } = query;
      // While the thread is read for the first time, all its runs are unknown.
      if (query.state.data === undefined) await query.promise?.catch(() => undefined);
      const { state } = query;
      const known: readonly ThreadRun[] = Array.isArray(state.data) ? state.data : [];
      // Reads a thread again after a failure, for example of a visitor who had to sign in.
      const isStale =
        isRemoved ||
        state.status === 'error' ||
        (await hasUnknownRun(runner, String(queryKey.at(-1)), known));
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
  const newest = await runner.list({ threadId, limit: compared }).catch(() => undefined);
  if (newest === undefined) return false;
  if (newest.length === 0) return known.length > 0;
  return newest.some(
    ({ runId }) => runner.get(runId) === undefined && known.every((run) => run.runId !== runId),
  );
}
