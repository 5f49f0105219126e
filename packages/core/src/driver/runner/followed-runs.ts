import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { RunSnapshot } from '../../store/run-store.ts';

/** A run that may only be shown. */
export interface FollowedRun {
  readonly id: string;
  /** Whether the runner has started or resumed the run. */
  readonly mayDrive: boolean;
  /** Whether the runner drives or follows the run, or waits with it for a person. */
  readonly isActive: boolean;
  /** Whether another process cannot have deleted the run unnoticed. */
  readonly isCurrent: boolean;
  follow(): Promise<void>;
  detach(): Promise<void>;
}

/** The runs of a runner, and its store. */
export interface FollowingRunner<Run> {
  get(runId: string): Run | undefined;
  keep(run: Run): void;
  forget(runId: string): void;
  load(runId: string): Promise<RunSnapshot | undefined>;
  /** Whether the store still has the save that this handle shows. */
  isStored(run: Run): Promise<boolean>;
  /** Creates a handle that shows a saved run. */
  open(stored: RunSnapshot): Run;
}

/** The runs that a runner only shows, with the number of their users. */
export class FollowedRuns<Run extends FollowedRun> {
  readonly #runner: FollowingRunner<Run>;
  readonly #users = new Map<string, number>();

  constructor(runner: FollowingRunner<Run>) {
    this.#runner = runner;
  }

  /** @throws LonghaulError `not_found` */
  async follow(runId: string): Promise<Run> {
    // Counted before the run is loaded, because another user may leave in the meantime.
    this.#users.set(runId, (this.#users.get(runId) ?? 0) + 1);
    try {
      const run = (await this.#known(runId)) ?? (await this.#load(runId));
      await run.follow();
      return run;
    } catch (error) {
      this.unfollow(runId);
      throw error;
    }
  }

  /** Another process may have deleted a run that no process drives, or another run may have its id now. */
  async #known(runId: string): Promise<Run | undefined> {
    const run = this.#runner.get(runId);
    if (run === undefined || run.isCurrent || (await this.#runner.isStored(run))) return run;
    if (this.#runner.get(runId) === run && !run.isCurrent) this.#runner.forget(runId);
    return undefined;
  }

  async #load(runId: string): Promise<Run> {
    const stored = await this.#runner.load(runId);
    if (stored === undefined) throw new LonghaulError('not_found', `There is no run ${runId} in the store.`);
    // Two simultaneous calls get the same run.
    const known = this.#runner.get(runId);
    if (known !== undefined) return known;
    const run = this.#runner.open(stored);
    this.#runner.keep(run);
    return run;
  }

  /**
   * Resumes a run that no process drives. If another process has its claim, or the run cannot be driven here, the run
   * is forgotten, unless it has users.
   */
  async adopt(runId: string, resume: () => Promise<unknown>): Promise<void> {
    const isKnown = this.#runner.get(runId) !== undefined;
    this.#users.set(runId, (this.#users.get(runId) ?? 0) + 1);
    try {
      await resume();
    } finally {
      const run = this.#runner.get(runId);
      this.unfollow(runId);
      if (!isKnown && run?.isActive === false && !this.#users.has(runId)) this.#runner.forget(runId);
    }
  }

  /** Ends one `follow`. After the last one, a run that is only shown is forgotten. */
  unfollow(runId: string): void {
    const left = (this.#users.get(runId) ?? 0) - 1;
    if (left > 0) return void this.#users.set(runId, left);
    this.#users.delete(runId);
    const run = this.#runner.get(runId);
    if (run === undefined || run.mayDrive) return;
    this.#runner.forget(runId);
    void run.detach();
  }
}
