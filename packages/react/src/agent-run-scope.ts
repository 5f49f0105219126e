import { type Agent, ConfigurationError, type Run, type Runner, type RunStatus } from '@longhaul/core';
import { type RunOwner, takeUpRun } from './take-up-run.ts';

/** What a hook shows at this moment, for what is done to it. */
export interface AgentRunScope<A extends Agent> {
  readonly runner: Runner;
  readonly owner: RunOwner<A> & { readonly agent: A };
  readonly runId: string | undefined;
  /** The run, where it lives here. */
  readonly run: Run<A> | undefined;
  readonly status: RunStatus | 'idle';
  /** Shows another run, or none. */
  show(run: Run<A> | undefined): void;
}

/** The run that is shown, taken up from the store if it does not live here. */
export async function shownRun<A extends Agent>({
  runner,
  owner,
  runId,
  run,
}: AgentRunScope<A>): Promise<Run<A>> {
  if (run !== undefined) return run;
  if (runId !== undefined) return await takeUpRun(runner, runId, owner);
  throw new ConfigurationError('useAgentRun shows no run: call `start`, or give it a `runId`.', {
    option: 'runId',
  });
}
