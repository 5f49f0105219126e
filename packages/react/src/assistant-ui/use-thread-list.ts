import type { ExternalStoreThreadListAdapter } from '@assistant-ui/react';
import type { Runner, ThreadFilter } from '@longhaul/core';
import { useMemo } from 'react';
import { useRunner } from '../longhaul-provider.tsx';
import { useAgentThreads } from '../thread/use-agent-threads.ts';
import { itemOf, type ShownThread } from './use-shown-thread.ts';

/** Deletes all runs of a thread. */
async function deleteThread(runner: Runner, threadId: string): Promise<void> {
  const runs = await runner.listThreadRuns(threadId);
  const known = new Set(runs.map(({ runId }) => runId));
  const first = runs.filter(({ continues }) => continues === undefined || !known.has(continues));
  for (const { runId } of first) await runner.delete(runId, { branch: true });
}

/** @param onShow Called when another thread is selected in the list, or a new chat. */
export function useThreadList(
  filter: ThreadFilter | undefined,
  shown: ShownThread,
  onShow: (threadId: string | undefined) => void,
): ExternalStoreThreadListAdapter {
  const runner = useRunner();
  const { data, isLoading } = useAgentThreads(filter);
  const { itemId, begun, threadOf, threadId } = shown;
  const threads = useMemo(
    () =>
      data?.map((thread) => ({
        id: itemOf(thread.threadId, begun),
        remoteId: thread.threadId,
        status: 'regular' as const,
        title: thread.title,
        custom: { status: thread.status, updatedAt: thread.updatedAt, runs: thread.runs },
      })),
    [data, begun],
  );
  return {
    threadId: itemId,
    isLoading,
    threads,
    onSwitchToNewThread: () => onShow(undefined),
    onSwitchToThread: (id) => onShow(threadOf(id)),
    onDelete: async (id) => {
      const deleted = threadOf(id);
      await deleteThread(runner, deleted);
      if (deleted === threadId) onShow(undefined);
    },
  };
}
