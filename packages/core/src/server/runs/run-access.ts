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

/** The fields of a run that decide about rights. */
export type KnownRun = Omit<RunOfVisitor, 'owner'> & { readonly owner: string | undefined };

/** A run in a list. */
export type ListedRun = Omit<RunOfVisitor, 'owner'> & { readonly owner?: string };

/**
 * Finds runs for visitors, and checks their rights. It never drives a run. A run is loaded only for a visitor who may
 * use it. The id of another visitor's run costs the same, and takes the same time, as an unknown id.
 */
export class RunsOfVisitors<P extends Principal> {
  readonly #config: Pick<RunsConfig<P>, 'runner' | 'may' | 'clock'>;

  constructor(config: Pick<RunsConfig<P>, 'runner' | 'may' | 'clock'>) {
    this.#config = config;
  }

  /** The run that this visitor may use in this way. Another run is refused like one that does not exist. */
  async open(principal: P, runId: string, action: RunAction): Promise<OpenRun> {
    const permitted = await this.check(principal, runId, action);
    const opened = await this.find(runId);
    if (opened === undefined) throw noSuchRun();
    try {
      // Another run may have the id now, or the run another owner.
      const known = knownRun(opened.run);
      if (!isSame(known, permitted) && !(await this.may(principal, known, action))) throw noSuchRun();
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

  /**
   * Checks that this visitor may use the run in this way, without loading the run. The handle of this process may be
   * older than the store, so only its permission counts.
   */
  async check(principal: P, runId: string, action: RunAction): Promise<KnownRun> {
    if (!isRunId(runId)) throw noSuchRun();
    const here = this.#config.runner.get(runId);
    const handle = here && knownRun(here);
    if (handle !== undefined && (await this.may(principal, handle, action))) return handle;
    const saved = await this.saved(runId);
    const isDenied = saved === undefined || (handle !== undefined && isSame(saved, handle));
    if (isDenied || !(await this.may(principal, saved, action))) throw noSuchRun();
    return saved;
  }

  /** A run without an owner is visible to no visitor. Only `true` allows: a function may return anything. */
  async may(principal: P, { owner, runId, agent }: KnownRun, action: RunAction): Promise<boolean> {
    if (owner === undefined) return false;
    const allowed: unknown = await this.#config.may(principal, { owner, runId, agent }, action);
    return allowed === true;
  }

  /** Whether lists show the run to this visitor. The site's own code may have given it an id that no route accepts. */
  async lists(principal: P, { runId, agent, owner }: ListedRun): Promise<boolean> {
    return isRunId(runId) && (await this.may(principal, { runId, agent, owner }, 'read'));
  }

  /** The saved run with this id, without a check of rights. Undefined if there is none. Reads only the run's head. */
  async saved(runId: string): Promise<KnownRun | undefined> {
    const { runner, clock } = this.#config;
    const listed = await withinTime(clock, runner.list({ runId, limit: 1 }));
    if (listed === undefined) throw unavailable();
    const [first] = listed.value;
    if (first === undefined || first.runId === runId) return first && { ...first, owner: first.owner };
    // A custom store may ignore the field `runId`.
    const found = await this.find(runId);
    found?.release();
    return found && knownRun(found.run);
  }

  /** The run with this id, without a check of rights. Undefined if there is none. */
  async find(runId: string): Promise<OpenRun | undefined> {
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

function knownRun({ id, owner, view }: DrivenRun): KnownRun {
  return { owner, runId: id, agent: view.agent };
}

function isSame(one: KnownRun, other: KnownRun): boolean {
  return one.owner === other.owner && one.agent === other.agent;
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
