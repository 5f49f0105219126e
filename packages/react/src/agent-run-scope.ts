import { type AgentRef, ConfigurationError, type Run, type Runner, type RunStatus } from '@longhaul/core';
import { type RunOwner, resumeRun } from './resume-run.ts';

/** The run that a hook shows at this moment, for the actions on it. */
export interface AgentRunScope<A extends AgentRef> {
  readonly runner: Runner;
  readonly owner: RunOwner<A> & { readonly agent: A };
  readonly runId: string | undefined;
  /** The run, if the runner has loaded it. */
  readonly run: Run<A> | undefined;
  readonly status: RunStatus | 'idle';
  /** Shows another run, or no run. */
  show(run: Run<A> | undefined): void;
}

/** Returns the shown run. Resumes it from the store if the runner has not loaded it. */
export async function shownRun<A extends AgentRef>({
  runner,
  owner,
  runId,
  run,
}: AgentRunScope<A>): Promise<Run<A>> {
  if (run !== undefined) return run;
  if (runId !== undefined) return await resumeRun(runner, runId, owner);
  throw new ConfigurationError('useAgentRun has no run. Call `start`, or pass a `runId`.', {
    option: 'runId',
  });
}
