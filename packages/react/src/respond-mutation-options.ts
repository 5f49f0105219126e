import type { Decision, Runner, RunView } from '@longhaul/core';
import type { UseMutationOptions } from '@tanstack/react-query';
import { agentRunKeys } from './agent-run-keys.ts';
import { resumeRun } from './resume-run.ts';

export interface RespondVariables {
  readonly runId: string;
  /** Either all decisions are accepted or none. */
  readonly decisions: readonly Decision[];
}

/**
 * Mutation options that answer calls that wait for an approval or an output. If the runner has not loaded the run, the
 * mutation resumes it from the store. The runner's `agents` must then include its agent.
 *
 * @example
 * const respond = useMutation(respondMutationOptions(runner));
 * respond.mutate({ runId, decisions: [{ type: 'approve', callId }] });
 */
export function respondMutationOptions(runner: Runner): UseMutationOptions<RunView, Error, RespondVariables> {
  return {
    mutationKey: [...agentRunKeys.all, 'respond'],
    mutationFn: async ({ runId, decisions }) => {
      const run = await resumeRun(runner, runId);
      await run.respond(decisions);
      return run.view;
    },
    networkMode: 'always',
  };
}
