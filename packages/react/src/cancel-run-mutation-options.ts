import type { Runner, RunView } from '@longhaul/core';
import type { UseMutationOptions } from '@tanstack/react-query';
import { agentRunKeys } from './agent-run-keys.ts';
import { takeUpRun } from './take-up-run.ts';

/** The run's id alone, or with a reason. */
export type CancelRunVariables = string | { readonly runId: string; readonly reason?: string };

/**
 * Mutation options that cancel a run, at the server too. Its data is the view that the run ended with. A run that does
 * not live here is taken up from the store, which needs its agent in the runner's `agents`.
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
      return await (await takeUpRun(runner, runId)).cancel(reason);
    },
    networkMode: 'always',
  };
}
