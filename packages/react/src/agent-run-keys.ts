import type { RunFilter } from '@longhaul/core';

type RunsKey = readonly ['longhaul', 'runs'];
export type AgentRunListKey = readonly [...RunsKey, 'list'] | readonly [...RunsKey, 'list', RunFilter];
export type AgentRunKey = readonly [...RunsKey, 'detail', string];

/**
 * The query keys of runs, from the least to the most specific. `list()` without a filter is a prefix of every list's
 * key, so it matches all lists.
 *
 * @example
 * queryClient.getQueryData(agentRunKeys.detail(runId));
 * await queryClient.invalidateQueries({ queryKey: agentRunKeys.list() });
 */
export const agentRunKeys: {
  readonly all: RunsKey;
  readonly list: (filter?: RunFilter) => AgentRunListKey;
  readonly detail: (runId: string) => AgentRunKey;
} = {
  all: ['longhaul', 'runs'],
  list: (filter) =>
    filter === undefined ? [...agentRunKeys.all, 'list'] : [...agentRunKeys.all, 'list', filter],
  detail: (runId) => [...agentRunKeys.all, 'detail', runId],
};
