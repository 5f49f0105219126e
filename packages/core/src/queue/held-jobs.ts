import type { RunCommit, RunSnapshot } from '../store/run-store.ts';
import type { JobAttempt, TakenRun } from '../store/wake-store.ts';

/** A run whose job this worker has. */
export interface HeldRun {
  readonly runId: string;
  readonly agent: string;
  readonly job: JobAttempt;
  /** When the job was fetched, by a monotonic clock. */
  readonly since: number;
  readonly isManual: boolean;
  /** The run as `take` has read it, until this worker saves it, or must load it again. */
  taken: RunSnapshot | undefined;
  readonly createdAt: number;
  /** The number of items that the loop here does not have. */
  omitted: number;
  /** Whether its inbox was empty when it was taken, and was not read since. */
  hasNoMessages: boolean;
  isWatched: boolean;
  /** Whether the job is settled, or is being settled, or belongs to another worker now. */
  isReleased: boolean;
}

/** The runs whose jobs this worker has, by their ids. */
export class HeldJobs {
  readonly #runs = new Map<string, HeldRun>();

  get all(): readonly HeldRun[] {
    return [...this.#runs.values()];
  }

  get size(): number {
    return this.#runs.size;
  }

  get(runId: string): HeldRun | undefined {
    return this.#runs.get(runId);
  }

  add(run: TakenRun, job: JobAttempt, since: number): HeldRun {
    const held: HeldRun = {
      runId: run.runId,
      agent: run.agent,
      job,
      since,
      isManual: run.isManual,
      taken: run.snapshot,
      createdAt: run.snapshot?.head.createdAt ?? 0,
      omitted: run.omitted,
      hasNoMessages: !run.hasMessages,
      isWatched: run.isWatched,
      isReleased: false,
    };
    this.#runs.set(run.runId, held);
    return held;
  }

  /** Whether this worker has the run's job. It may have lost the job without knowing it. */
  has(runId: string): boolean {
    return this.#runs.get(runId)?.isReleased === false;
  }

  saved({ runId }: RunCommit): void {
    const held = this.#runs.get(runId);
    if (held !== undefined) held.taken = undefined;
  }

  remove(held: HeldRun): void {
    if (this.#runs.get(held.runId) === held) this.#runs.delete(held.runId);
  }
}
