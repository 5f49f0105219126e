'use client';

import type { RunFilter, RunSummary } from '@longhaul/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { agentRunListOptions } from './agent-run-list-options.ts';
import { useRunner } from './longhaul-provider.tsx';

/**
 * The runs of the store and those that live in the runner, newest first. Renders when one comes, goes or changes
 * status, not while text streams.
 *
 * @example
 * const { data: runs = [] } = useAgentRuns({ status: ['queued', 'in_progress'] });
 */
export function useAgentRuns(filter?: RunFilter): UseQueryResult<RunSummary[]> {
  return useQuery(agentRunListOptions(useRunner(), filter));
}
