'use client';

import type { ThreadFilter, ThreadSummary } from '@longhaul/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useRunner } from '../longhaul-provider.tsx';
import { agentThreadListOptions } from './agent-thread-list-options.ts';

/**
 * Returns the threads of the store, those with the newest run first, for a list of conversations: title, last status,
 * time and number of runs.
 *
 * @example
 * const { data: threads = [] } = useAgentThreads({ limit: 30 });
 */
export function useAgentThreads(filter?: ThreadFilter): UseQueryResult<ThreadSummary[]> {
  return useQuery(agentThreadListOptions(useRunner(), filter));
}
