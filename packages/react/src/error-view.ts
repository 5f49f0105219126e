import { type AgentRef, type ErrorView, LonghaulError, type RunView } from '@longhaul/core';

/** Converts a thrown error into the `ErrorView` of a run's view. */
export function errorView(error: Error): ErrorView {
  return { code: LonghaulError.isInstance(error) ? error.code : 'unknown', message: error.message };
}

/** The error of a hook whose run belongs to another agent. The run's calls and output do not match the hook's types. */
export function strangerError({ runId, agent: owner }: RunView, agent: AgentRef): ErrorView {
  const names = [runId, owner, agent.name].map((name) => JSON.stringify(name));
  return {
    code: 'configuration',
    message: `run ${names[0]} belongs to agent ${names[1]}, not to ${names[2]}.`,
  };
}
