import { type Agent, ConfigurationError, type ContextOf, type Run, type Runner } from '@longhaul/core';

/** Which agent's run it is, where the caller knows. */
export interface RunOwner<A extends Agent = Agent> {
  /** Types the run, and takes it up from the store without being listed in the runner's `agents`. */
  readonly agent?: A | undefined;
  /** For the agent's tools, if the run is taken up from the store. */
  readonly context?: ContextOf<A> | undefined;
}

/** Whether a run is of this agent; without one, any run is. */
export function isRunOf<A extends Agent>(run: Run, agent: A | undefined): run is Run<A> {
  return agent === undefined || run.view.agent === agent.name;
}

/**
 * The run with this id: the one that lives here, else the one in the store, taken up where it stands.
 *
 * @throws ConfigurationError when the runner knows no such run, or it is another agent's.
 */
export async function takeUpRun<A extends Agent>(
  runner: Runner,
  runId: string,
  { agent, context }: RunOwner<A> = {},
): Promise<Run<A>> {
  const live = runner.get(runId);
  if (live !== undefined && isRunOf(live, agent)) return live;
  // A page that shows a run, and may be loaded any number of times, does not ask for what may be paid twice.
  const how = { byHand: false };
  if (agent !== undefined)
    return await runner.resume(agent, runId, context === undefined ? how : { ...how, context });
  const saved = await runner.read(runId);
  const run = saved && (await runner.resume(saved.agent, runId, how));
  if (run === undefined || !isRunOf(run, agent)) {
    throw new ConfigurationError(
      `run ${JSON.stringify(runId)}: neither alive in this runner nor in its store. Check the id, and that the runner has the store that the run was saved to.`,
      { option: 'runId' },
    );
  }
  return run;
}
