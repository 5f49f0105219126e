import type { Runner, ThreadFilter, ThreadSummary } from '@longhaul/core';
import { type DataTag, queryOptions, type UnusedSkipTokenOptions } from '@tanstack/react-query';
import { agentThreadKeys, type AgentThreadListKey } from './agent-thread-keys.ts';
import { withLiveThreads } from './with-live-threads.ts';

export type AgentThreadListOptions = UnusedSkipTokenOptions<
  ThreadSummary[],
  Error,
  ThreadSummary[],
  AgentThreadListKey
> & {
  queryKey: DataTag<AgentThreadListKey, ThreadSummary[], Error>;
};

/**
 * Query options for a list of threads, those with the newest run first. A mounted `LonghaulProvider` refetches the list
 * when a run is added, removed or changes status.
 *
 * @example
 * const { data: threads } = useQuery(agentThreadListOptions(runner, { limit: 20 }));
 */
export function agentThreadListOptions(runner: Runner, filter?: ThreadFilter): AgentThreadListOptions {
  return queryOptions({
    queryKey: agentThreadKeys.list(filter),
    queryFn: async () => withLiveThreads(await runner.listThreads(filter), runner.runs, filter),
    networkMode: 'always',
  });
}
