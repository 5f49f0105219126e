import { hasCode, noSuchRun, unavailable } from './refusals.ts';
import type { DrivenRun } from '../../run/driving-runner.ts';
import type { Principal } from '../principal.ts';
import type { RunsConfig } from './options/runs-config.ts';
import type { RunAction, RunOfVisitor } from './options/runs-options.ts';
import { isRunId } from './runs-route.ts';
import { withinTime } from './within-time.ts';

/** A run that a request uses. */
export interface OpenRun {
  readonly run: DrivenRun;
  /** Ends the use. Calls after the first have no effect. */
  readonly release: () => void;
}

/** Finds runs for visitors, and checks their rights. It never drives a run. */
export class RunsOfVisitors<P extends Principal> {
  readonly #config: Pick<RunsConfig<P>, 'runner' | 'may' | 'clock'>;

  constructor(config: Pick<RunsConfig<P>, 'runner' | 'may' | 'clock'>) {
    this.#config = config;
  }

  /** The run that this visitor may use in this way. Another run is refused like one that does not exist. */
  async open(principal: P, runId: string, action: RunAction): Promise<OpenRun> {
    const opened = await this.find(runId);
    if (opened === undefined) throw noSuchRun();
    try {
      const { owner, view } = opened.run;
      if (!(await this.may(principal, { owner, runId, agent: view.agent }, action))) throw noSuchRun();
    } catch (error) {
      opened.release();
      throw error;
    }
    return opened;
  }

  /** Uses a run for the time of a request. */
  async use<T>(
    principal: P,
    runId: string,
    action: RunAction,
    work: (run: DrivenRun) => T | Promise<T>,
  ): Promise<T> {
    const { run, release } = await this.open(principal, runId, action);
    try {
      return await work(run);
    } finally {
      release();
    }
  }

  /** A run without an owner is visible to no visitor. Only `true` allows: a function may return anything. */
  async may(
    principal: P,
    { owner, runId, agent }: Omit<RunOfVisitor, 'owner'> & { readonly owner: string | undefined },
    action: RunAction,
  ): Promise<boolean> {
    if (owner === undefined) return false;
    const allowed: unknown = await this.#config.may(principal, { owner, runId, agent }, action);
    return allowed === true;
  }

  /** The run with this id, without a check of rights. Undefined if there is none. */
  async find(runId: string): Promise<OpenRun | undefined> {
    if (!isRunId(runId)) return undefined;
    const { runner, clock } = this.#config;
    const following = runner.follow(runId);
    try {
      const followed = await withinTime(clock, following);
      if (followed === undefined) {
        following.then(() => runner.unfollow(runId)).catch(() => undefined);
        throw unavailable();
      }
      return { run: followed.value, release: once(() => runner.unfollow(runId)) };
    } catch (error) {
      if (hasCode(error, 'not_found')) return undefined;
      throw error;
    }
  }
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
