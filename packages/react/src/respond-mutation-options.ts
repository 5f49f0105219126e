import type { Decision, Runner, RunView } from '@longhaul/core';
import type { UseMutationOptions } from '@tanstack/react-query';
import { agentRunKeys } from './agent-run-keys.ts';
import { takeUpRun } from './take-up-run.ts';

export interface RespondVariables {
  readonly runId: string;
  /** All are taken, or none. */
  readonly decisions: readonly Decision[];
}

/**
 * Mutation options that answer calls which wait for a person or for an output. A run that does not live here is taken
 * up from the store, which needs its agent in the runner's `agents`.
 *
 * @example
 * const respond = useMutation(respondMutationOptions(runner));
 * respond.mutate({ runId, decisions: [{ type: 'approve', callId }] });
 */
export function respondMutationOptions(runner: Runner): UseMutationOptions<RunView, Error, RespondVariables> {
  return {
    mutationKey: [...agentRunKeys.all, 'respond'],
    mutationFn: async ({ runId, decisions }) => {
      const run = await takeUpRun(runner, runId);
      await run.respond(decisions);
      return run.view;
    },
    networkMode: 'always',
  };
}
