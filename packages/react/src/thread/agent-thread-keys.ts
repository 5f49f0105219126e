import type { ThreadFilter } from '@longhaul/core';

type ThreadsKey = readonly ['longhaul', 'threads'];
export type AgentThreadListKey =
  | readonly [...ThreadsKey, 'list']
  | readonly [...ThreadsKey, 'list', ThreadFilter];
export type AgentThreadKey = readonly [...ThreadsKey, 'detail', string];

/** The query keys of threads, from the least to the most specific. `list()` without a filter matches all lists. */
export const agentThreadKeys: {
  readonly all: ThreadsKey;
  readonly list: (filter?: ThreadFilter) => AgentThreadListKey;
  readonly detail: (threadId: string) => AgentThreadKey;
} = {
  all: ['longhaul', 'threads'],
  list: (filter) =>
    filter === undefined ? [...agentThreadKeys.all, 'list'] : [...agentThreadKeys.all, 'list', filter],
  detail: (threadId) => [...agentThreadKeys.all, 'detail', threadId],
};
