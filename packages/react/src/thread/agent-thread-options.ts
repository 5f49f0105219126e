import { type Runner, StoreError, type ThreadRun } from '@longhaul/core';
import { type DataTag, queryOptions, type UnusedSkipTokenOptions } from '@tanstack/react-query';
import { type AgentThreadKey, agentThreadKeys } from './agent-thread-keys.ts';

export type AgentThreadOptions = UnusedSkipTokenOptions<
  readonly ThreadRun[],
  Error,
  readonly ThreadRun[],
  AgentThreadKey
> & { queryKey: DataTag<AgentThreadKey, readonly ThreadRun[], Error> };

/**
 * Query options for the runs of a thread, oldest first: which runs there are, and which run each of them continues.
 * A mounted `LonghaulProvider` refetches them when a run is removed, or when another process adds one.
 */
export function agentThreadOptions(runner: Runner, threadId: string): AgentThreadOptions {
  return queryOptions({
    queryKey: agentThreadKeys.detail(threadId),
    queryFn: async (): Promise<readonly ThreadRun[]> => {
      // A thread that was just started is not found before its first run is saved.
      await runner
        .get(threadId)
        ?.saved()
        .catch(() => undefined);
      return await runner.listThreadRuns(threadId);
    },
    retry: (failures, error) => failures < 3 && StoreError.isInstance(error) && error.code === 'unavailable',
    networkMode: 'always',
  });
}
