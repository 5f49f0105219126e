import { type Agent, isTerminalRun, type Runner, type RunViewOf, StoreError } from '@longhaul/core';
import { type DataTag, queryOptions, type UnusedSkipTokenOptions } from '@tanstack/react-query';
import { type AgentRunKey, agentRunKeys } from './agent-run-keys.ts';
import { mirrorObservedRun } from './mirror-observed-run.ts';
import { type RunOwner, takeUpRun } from './take-up-run.ts';

export type AgentRunOptions<A extends Agent = Agent> = UnusedSkipTokenOptions<
  RunViewOf<A>,
  Error,
  RunViewOf<A>,
  AgentRunKey
> & { queryKey: DataTag<AgentRunKey, RunViewOf<A>, Error> };

/**
 * Query options of one run: its view, live while somebody observes it. For `useQuery`, `useQueries`,
 * `useSuspenseQuery`, and `queryClient.query` in loaders and on servers.
 *
 * The query function takes a run up from the store if it does not live in this runner. Without `owner.agent` that needs
 * the agent in the runner's `agents`.
 *
 * @example
 * loader: ({ params }) => queryClient.query(agentRunOptions(runner, params.runId, { agent })),
 */
export function agentRunOptions<A extends Agent = Agent>(
  runner: Runner,
  runId: string,
  owner: RunOwner<A> = {},
): AgentRunOptions<A> {
  return queryOptions({
    queryKey: agentRunKeys.detail(runId),
    queryFn: async ({ client }): Promise<RunViewOf<A>> => {
      const run = await takeUpRun(runner, runId, owner);
      mirrorObservedRun(client, runner, runId);
      return run.view;
    },
    // A run that lives here is pushed into the cache and one that is over stays as it is. What else the cache holds was
    // put there by a persister or a server: the run itself has yet to be taken up.
    staleTime: ({ state: { data } }) =>
      runner.get(runId) !== undefined || (data !== undefined && isTerminalRun(data.status))
        ? Number.POSITIVE_INFINITY
        : 0,
    // Coming back to the tab must not take up a run again that was detached on purpose.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: (failures, error) => failures < 3 && StoreError.isInstance(error) && error.code === 'unavailable',
    // The store is local; being offline must not hide the run.
    networkMode: 'always',
  });
}
