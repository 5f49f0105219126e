import { type AgentRef, isTerminalRun, type Runner, type RunViewOf, StoreError } from '@longhaul/core';
import { type DataTag, queryOptions, type UnusedSkipTokenOptions } from '@tanstack/react-query';
import { type AgentRunKey, agentRunKeys } from './agent-run-keys.ts';
import { mirrorObservedRun } from './mirror-observed-run.ts';
import { type RunOwner, resumeRun } from './resume-run.ts';

export type AgentRunOptions<A extends AgentRef = AgentRef> = UnusedSkipTokenOptions<
  RunViewOf<A>,
  Error,
  RunViewOf<A>,
  AgentRunKey
> & { queryKey: DataTag<AgentRunKey, RunViewOf<A>, Error> };

/**
 * Query options for the view of one run. The view is updated live while the query has observers. Use it with
 * `useQuery`, `useQueries`, `useSuspenseQuery`, and with `queryClient.query` in loaders and on servers.
 *
 * If the runner has not loaded the run, the query function resumes it from the store. Without `owner.agent`, the
 * runner's `agents` must include the run's agent.
 *
 * @example
 * loader: ({ params }) => queryClient.query(agentRunOptions(runner, params.runId, { agent })),
 */
export function agentRunOptions<A extends AgentRef = AgentRef>(
  runner: Runner,
  runId: string,
  owner: RunOwner<A> = {},
): AgentRunOptions<A> {
  return queryOptions({
    queryKey: agentRunKeys.detail(runId),
    queryFn: async ({ client }): Promise<RunViewOf<A>> => {
      const run = await resumeRun(runner, runId, owner);
      mirrorObservedRun(client, runner, runId);
      return run.view;
    },
    // A loaded run pushes its view into the cache, and a terminal run does not change. Any other cached view comes from
    // a persister or a server, so the run itself must still be resumed.
    staleTime: ({ state: { data } }) =>
      runner.get(runId) !== undefined || (data !== undefined && isTerminalRun(data.status))
        ? Number.POSITIVE_INFINITY
        : 0,
    // A return to the tab must not resume a run that was detached on purpose.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: (failures, error) => failures < 3 && StoreError.isInstance(error) && error.code === 'unavailable',
    // A local store works offline, so the query does not wait for the network.
    networkMode: 'always',
  });
}
