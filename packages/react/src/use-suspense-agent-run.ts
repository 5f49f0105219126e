'use client';

import { type AgentRef, ConfigurationError, type RunStatus, type RunViewOf } from '@longhaul/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { agentRunOptions } from './agent-run-options.ts';
import type { AgentRunResult } from './agent-run-result.ts';
import { strangerError } from './error-view.ts';
import { useRunner } from './longhaul-provider.tsx';
import { useAgentRun, type UseAgentRunOptions } from './use-agent-run.ts';

export interface UseSuspenseAgentRunOptions<A extends AgentRef = AgentRef>
  extends Omit<UseAgentRunOptions<A>, 'resume' | 'runId'> {
  readonly runId: string;
}

/** Like {@link AgentRunResult}, without `reset` and `isLoading`. `view` always exists, and `status` is never `idle`. */
export interface SuspenseAgentRunResult<A extends AgentRef = AgentRef>
  extends Omit<AgentRunResult<A>, 'isLoading' | 'reset' | 'status' | 'view'> {
  readonly status: RunStatus;
  readonly view: RunViewOf<A>;
}

/**
 * Like `useAgentRun`, for an existing run. Suspends until the run is loaded, and throws to the nearest error boundary
 * if the run cannot be loaded, or belongs to another agent. The error of a failed run is not thrown; it is in `error`.
 *
 * @example
 * const { text, status } = useSuspenseAgentRun({ agent: weather, runId });
 */
export function useSuspenseAgentRun<const A extends AgentRef>(
  options: UseSuspenseAgentRunOptions<A>,
): SuspenseAgentRunResult<A> {
  const { agent, context, runId } = options;
  const { data } = useSuspenseQuery(agentRunOptions(useRunner(), runId, { agent, context }));
  const { reset: _reset, isLoading: _isLoading, ...run } = useAgentRun<A>(options);
  if (data.agent !== agent.name)
    throw new ConfigurationError(strangerError(data, agent).message, { option: 'runId' });
  const view = run.view ?? data;
  return { ...run, view, status: view.status };
}
