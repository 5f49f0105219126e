import { type Agent, type ErrorView, LonghaulError, type RunView } from '@longhaul/core';

/** An error that was thrown, in the form that views have. */
export function errorView(error: Error): ErrorView {
  return { code: LonghaulError.isInstance(error) ? error.code : 'unknown', message: error.message };
}

/** Why a hook does not show a run that is there: its calls and its output are not those that the types promise. */
export function strangerError({ runId, agent: owner }: RunView, agent: Agent): ErrorView {
  const names = [runId, owner, agent.name].map((name) => JSON.stringify(name));
  return {
    code: 'configuration',
    message: `run ${names[0]} is one of agent ${names[1]}, not of ${names[2]}.`,
  };
}
