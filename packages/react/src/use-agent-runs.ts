'use client';

import type { RunFilter, RunSummary } from '@longhaul/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { agentRunListOptions } from './agent-run-list-options.ts';
import { useRunner } from './longhaul-provider.tsx';

/**
 * Returns the runs of the store and the runs that the runner has loaded, newest first. The component renders again when a
 * run is added, removed or changes status, but not while text streams.
 *
 * @example
 * const { data: runs = [] } = useAgentRuns({ status: ['queued', 'in_progress'] });
 */
export function useAgentRuns(filter?: RunFilter): UseQueryResult<RunSummary[]> {
  return useQuery(agentRunListOptions(useRunner(), filter));
}
