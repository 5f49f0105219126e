import type { Runner, RunView } from '@longhaul/core';
import type { UseMutationOptions } from '@tanstack/react-query';
import { agentRunKeys } from './agent-run-keys.ts';
import { resumeRun } from './resume-run.ts';

/** The run's id, optionally with a reason. */
export type CancelRunVariables = string | { readonly runId: string; readonly reason?: string };

/**
 * Mutation options that cancel a run and its pending response at the server. The mutation's data is the final view. If
 * the runner has not loaded the run, the mutation resumes it from the store. The runner's `agents` must then include
 * its agent.
 *
 * @example
 * const cancel = useMutation(cancelRunMutationOptions(runner));
 * cancel.mutate(runId);
 */
export function cancelRunMutationOptions(
  runner: Runner,
): UseMutationOptions<RunView, Error, CancelRunVariables> {
  return {
    mutationKey: [...agentRunKeys.all, 'cancel'],
    mutationFn: async (variables) => {
      const { runId, reason } = typeof variables === 'string' ? { runId: variables } : variables;
      return await (await resumeRun(runner, runId)).cancel(reason);
    },
    networkMode: 'always',
  };
}
