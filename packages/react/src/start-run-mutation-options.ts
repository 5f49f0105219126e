import type { AgentRef, Run, RunInput, Runner, StartOptions } from '@longhaul/core';
import type { UseMutationOptions } from '@tanstack/react-query';
import { agentRunKeys } from './agent-run-keys.ts';

/** The input, or an object with the input and options: `{ input, runId, continueFrom, context, … }`. */
export type StartRunVariables<A extends AgentRef = AgentRef> =
  | RunInput
  | ({ readonly input: RunInput } & StartOptions<A>);

function isInput<A extends AgentRef>(variables: StartRunVariables<A>): variables is RunInput {
  return typeof variables === 'string' || Array.isArray(variables);
}

/**
 * Mutation options that start a run. The mutation succeeds when the run has started. Every hook with the run's id then
 * shows the run.
 *
 * @example
 * const start = useMutation(startRunMutationOptions(runner, weather));
 * start.mutate('Umbrella today?', { onSuccess: (run) => navigate(`/runs/${run.id}`) });
 */
export function startRunMutationOptions<A extends AgentRef>(
  runner: Runner,
  agent: A,
): UseMutationOptions<Run<A>, Error, StartRunVariables<A>> {
  return {
    mutationKey: [...agentRunKeys.all, 'start', agent.name],
    mutationFn: async (variables) => {
      if (isInput(variables)) return runner.start(agent, variables);
      const { input, ...options } = variables;
      return runner.start<A>(agent, input, options);
    },
    // The runner waits for the network itself. A paused mutation would be lost when the page closes.
    networkMode: 'always',
  };
}
