import type { LocalRunner } from '../driver/runner/local-runner.ts';
import type { JobTable, WakeStore } from '../store/wake-store.ts';
import type { DatabaseClock } from './database-clock.ts';
import type { HeldJobs, HeldRun } from './held-jobs.ts';
import type { WakeQueue } from './wake-queue.ts';

/** A job expires after 24 hours, regardless of touches. */
const handBackAfterMs = 23 * 3_600_000;

interface HeartbeatParts {
  readonly wakes: WakeStore;
  readonly queue: WakeQueue;
  readonly clock: DatabaseClock;
  readonly runner: LocalRunner;
  readonly held: HeldJobs;
  /** Where the jobs are. It may be known only after the start. */
  readonly jobs: () => JobTable;
}

/** Keeps the jobs of a worker, and reads which of its runs are watched. */
export class Heartbeats {
  readonly #parts: HeartbeatParts;
  readonly #id: string = crypto.randomUUID();

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  /** Passes the jobs to the thread that touches them if the event loop is blocked. */
  holdJobs(): void {
    const { wakes, jobs } = this.#parts;
    wakes.holdJobs(
      this.#id,
      jobs(),
      this.#current.map(({ job }) => job),
    );
  }

  /** Touches the jobs. Releases the runs that have lost their job, and hands back those whose job will expire soon. */
  async touch(): Promise<void> {
    const { queue, clock, runner } = this.#parts;
    const runs = this.#current;
    if (runs.length === 0) return;
    const touched = await queue.touch(runs.map(({ job }) => job));
    this.holdJobs();
    if (touched < runs.length) {
      for (const run of runs)
        if (!run.isReleased && (await queue.touch([run.job])) === 0) run.isReleased = true;
    }
    const now = clock.monotonic();
    for (const { runId, since } of runs) if (now - since > handBackAfterMs) void runner.get(runId)?.detach();
  }

  /** Reads which runs pages show, and passes it to the runs. */
  async findWatched(): Promise<void> {
    const { wakes, runner } = this.#parts;
    const runs = this.#current;
    if (runs.length === 0) return;
    const watched = new Set(await wakes.watchedOf(runs.map(({ runId }) => runId)));
    for (const run of runs) {
      const isWatched = watched.has(run.runId);
      if (isWatched !== run.isWatched) runner.get(run.runId)?.setWatched(isWatched);
      run.isWatched = isWatched;
    }
  }

  get #current(): HeldRun[] {
    return this.#parts.held.all.filter(({ isReleased }) => !isReleased);
  }
}
