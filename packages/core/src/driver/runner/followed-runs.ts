import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { RunSnapshot } from '../../store/run-store.ts';
import type { KeptRuns } from './kept-runs.ts';
import type { LocalRun } from './local-run.ts';
import type { RunLoader } from './run-loader.ts';

/** The runs that a runner only shows, with the number of their users. */
export class FollowedRuns {
  readonly #runs: KeptRuns;
  readonly #loader: RunLoader;
  readonly #open: (stored: RunSnapshot) => LocalRun;
  readonly #users = new Map<string, number>();

  /** `open`: creates a handle that shows a saved run. */
  constructor(runs: KeptRuns, loader: RunLoader, open: (stored: RunSnapshot) => LocalRun) {
    this.#runs = runs;
    this.#loader = loader;
    this.#open = open;
  }

  /** @throws LonghaulError `not_found` */
  async follow(runId: string): Promise<LocalRun> {
    const run = (await this.#known(runId)) ?? (await this.#load(runId));
    try {
      await run.follow();
    } catch (error) {
      if (!run.mayDrive && this.#runs.get(runId) === run) this.#runs.forget(runId);
      throw error;
    }
    this.#users.set(runId, (this.#users.get(runId) ?? 0) + 1);
    return run;
  }

  /** Another process may have deleted a run that no process drives, or another run may have its id now. */
  async #known(runId: string): Promise<LocalRun | undefined> {
    const run = this.#runs.get(runId);
    if (run === undefined || run.isCurrent || (await this.#loader.isCurrent(run))) return run;
    if (this.#runs.get(runId) === run && !run.isCurrent) this.#runs.forget(runId);
    return undefined;
  }

  async #load(runId: string): Promise<LocalRun> {
    const stored = await this.#loader.load(runId);
    if (stored === undefined) throw new LonghaulError('not_found', `There is no run ${runId} in the store.`);
    // Two simultaneous calls get the same run.
    const known = this.#runs.get(runId);
    if (known !== undefined) return known;
    const run = this.#open(stored);
    this.#runs.keep(run);
    return run;
  }

  /** Ends one `follow`. After the last one, a run that is only shown is forgotten. */
  unfollow(runId: string): void {
    const left = (this.#users.get(runId) ?? 0) - 1;
    if (left > 0) return void this.#users.set(runId, left);
    this.#users.delete(runId);
    const run = this.#runs.get(runId);
    if (run === undefined || run.mayDrive) return;
    this.#runs.forget(runId);
    void run.detach();
  }
}
