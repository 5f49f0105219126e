import { callListeners } from '../../run/call-listeners.ts';
import type { LocalRun } from './local-run.ts';

/** How many finished runs the runner keeps in memory, for pages that show them. */
const keptRuns = 200;

/** How many runs of other processes are remembered. The first save of a forgotten run is reported again. */
const noticedRuns = 1_000;

/** The runs that a runner has started, resumed or followed and still keeps, by id and in this order. */
export class KeptRuns {
  readonly #runs = new Map<string, LocalRun>();
  /** Finished runs, in the order in which they ended. */
  readonly #over = new Set<string>();
  readonly #listeners = new Set<() => void>();
  /** Runs of other processes that were saved. */
  readonly #noticed = new Set<string>();
  #list: readonly LocalRun[] | undefined;
  readonly #deleting = new Set<string>();
  readonly #isStored: (run: LocalRun) => Promise<boolean>;

  /** `isStored`: whether the store still has the save that a handle shows. */
  constructor(isStored: (run: LocalRun) => Promise<boolean>) {
    this.#isStored = isStored;
  }

  get(runId: string): LocalRun | undefined {
    return this.#runs.get(runId);
  }

  get all(): readonly LocalRun[] {
    this.#list ??= [...this.#runs.values()];
    return this.#list;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  keep(run: LocalRun): void {
    this.#runs.set(run.id, run);
    if (run.over) this.#over.add(run.id);
    else this.#over.delete(run.id);
    this.#changed();
  }

  /**
   * Keeps a run, after its first save, that was started with the id of an earlier run. If the store has the earlier
   * run, the first save fails with a conflict. Otherwise the earlier run was deleted, or was never saved, and the new
   * run replaces it.
   */
  keepOnceSaved(run: LocalRun): void {
    const unsubscribe = run.subscribe(() => {
      if (run.revision === 0) return;
      unsubscribe();
      this.keep(run);
    });
  }

  /** The run has ended, or is no longer driven or followed here. A run that was started with a taken id is not kept. */
  ended(run: LocalRun): void {
    if (this.#runs.get(run.id) === run) {
      if (run.over) this.#over.add(run.id);
      // A new run that stopped before its first save cannot be resumed.
      if (run.isNeverSaved) this.forget(run.id);
    }
    this.#trim();
  }

  forget(runId: string): void {
    this.#over.delete(runId);
    if (this.#runs.delete(runId)) this.#changed();
  }

  /** These runs are about to be deleted here, so the notices of their deletes are not news. */
  deleting(runIds: Iterable<string>): void {
    for (const runId of runIds) this.#deleting.add(runId);
  }

  /** Removes runs that were deleted. The listeners are called once, because lists of saved runs have changed too. */
  deleted(runIds: Iterable<string>): void {
    for (const runId of runIds) {
      this.#over.delete(runId);
      this.#runs.delete(runId);
    }
    // A delete that failed has not deleted all of them.
    this.#deleting.clear();
    this.#changed();
  }

  /**
   * Another process has saved a run, or has released its claim. The listeners are called at the first save and when the
   * claim is released, because lists then show something new. A save of a known run changes no list.
   */
  noticed(runId: string, what: 'saved' | 'released'): void {
    const known = this.#runs.get(runId);
    // A finished run is not saved again, so another process has probably deleted it.
    if (known?.over === true && what === 'saved' && !this.#deleting.has(runId))
      void this.#forgetDeleted(known);
    if (known !== undefined || (what === 'saved' && this.#noticed.has(runId))) return;
    this.#noticed.add(runId);
    const [oldest] = this.#noticed;
    if (this.#noticed.size > noticedRuns && oldest !== undefined) this.#noticed.delete(oldest);
    callListeners(this.#listeners, 'runner');
  }

  async #forgetDeleted(run: LocalRun): Promise<void> {
    const isStored = await this.#isStored(run).catch(() => true);
    if (!isStored && this.#runs.get(run.id) === run) this.forget(run.id);
  }

  /** Removes the oldest finished runs from memory, because a service may start thousands. */
  #trim(): void {
    for (const runId of this.#over) {
      if (this.#over.size <= keptRuns) return;
      this.forget(runId);
    }
  }

  #changed(): void {
    this.#list = undefined;
    callListeners(this.#listeners, 'runner');
  }
}
