import { type AgentRef, ConfigurationError, type ContextOf, type Run, type Runner } from '@longhaul/core';

/** The agent of a run, if the caller knows it. */
export interface RunOwner<A extends AgentRef = AgentRef> {
  /** Determines the type of the run. With it, the runner's `agents` need not include the run's agent. */
  readonly agent?: A | undefined;
  /** Passed to the agent's tools if the run is resumed from the store. */
  readonly context?: ContextOf<A> | undefined;
}

/** Whether a run belongs to this agent. True for every run if `agent` is undefined. */
export function isRunOf<A extends AgentRef>(run: Run, agent: A | undefined): run is Run<A> {
  return agent === undefined || run.view.agent === agent.name;
}

/**
 * Returns the run with this id: the loaded run, otherwise the saved run, which is resumed.
 *
 * @throws ConfigurationError if the run does not exist, or if it belongs to another agent.
 */
export async function resumeRun<A extends AgentRef>(
  runner: Runner,
  runId: string,
  { agent, context }: RunOwner<A> = {},
): Promise<Run<A>> {
  const live = runner.get(runId);
  if (live !== undefined && isRunOf(live, agent)) return live;
  // A page may load a run any number of times. A create must not be sent again each time, because it may be paid for.
  const how = { manual: false };
  if (agent !== undefined)
    return await runner.resume(agent, runId, context === undefined ? how : { ...how, context });
  const saved = await runner.read(runId);
  const run = saved && (await runner.resume(saved.agent, runId, how));
  if (run === undefined || !isRunOf(run, agent)) {
    throw new ConfigurationError(
      `run ${JSON.stringify(runId)} is neither loaded in this runner nor saved in its store. Check the id, and that the runner uses the store that the run was saved to.`,
      { option: 'runId' },
    );
  }
  return run;
}
