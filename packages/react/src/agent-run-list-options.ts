import type { RunFilter, Runner, RunSummary } from '@longhaul/core';
import { type DataTag, queryOptions, type UnusedSkipTokenOptions } from '@tanstack/react-query';
import { agentRunKeys, type AgentRunListKey } from './agent-run-keys.ts';
import { withLiveRuns } from './with-live-runs.ts';

export type AgentRunListOptions = UnusedSkipTokenOptions<
  RunSummary[],
  Error,
  RunSummary[],
  AgentRunListKey
> & {
  queryKey: DataTag<AgentRunListKey, RunSummary[], Error>;
};

/**
 * Query options for a list of runs, newest first: the runs in the runner's store and the runs that the runner has
 * loaded. A mounted `LonghaulProvider` refetches the list when a run is added, removed or changes status. A run that is
 * not saved yet has `revision` 0.
 *
 * @example
 * const { data: runs } = useQuery(agentRunListOptions(runner, { agent: 'weather', limit: 20 }));
 */
export function agentRunListOptions(runner: Runner, filter?: RunFilter): AgentRunListOptions {
  return queryOptions({
    queryKey: agentRunKeys.list(filter),
    queryFn: async () => withLiveRuns(await runner.list(filter), runner.runs, filter),
    networkMode: 'always',
  });
}
