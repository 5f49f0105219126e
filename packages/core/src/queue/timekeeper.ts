import type { JobTable, WakeStore } from '../store/wake-store.ts';
import type { DatabaseClock } from './database-clock.ts';
import type { WakeQueue } from './wake-queue.ts';

/** The number of due runs that one transaction moves. */
const mostMoved = 500;

interface TimekeeperParts {
  readonly wakes: WakeStore;
  readonly queue: WakeQueue;
  readonly clock: DatabaseClock;
  /** Where the jobs are. It may be known only after the start. */
  readonly jobs: () => JobTable;
  /** Called when runs were moved into the queue. */
  readonly moved: () => void;
}

/** Sends the wakes of runs that need a job, by the clock of the database. */
export class Timekeeper {
  readonly #parts: TimekeeperParts;

  constructor(parts: TimekeeperParts) {
    this.#parts = parts;
  }

  /** Reads the time of the database. */
  async readTime(): Promise<void> {
    const { wakes, clock } = this.#parts;
    const sentAt = clock.monotonic();
    clock.answered(await wakes.now(), sentAt);
  }

  /** Moves runs that are due into the queue. @returns the number of runs */
  async moveDue(): Promise<number> {
    const { wakes, queue, clock, jobs } = this.#parts;
    const sentAt = clock.monotonic();
    const { moved, now } = await wakes.moveDue(jobs(), mostMoved, queue.send);
    clock.answered(now, sentAt);
    return this.#report(moved);
  }

  /** Finds runs that have lost their job. @returns the number of runs */
  async sweep(): Promise<number> {
    const { wakes, queue, jobs } = this.#parts;
    // The queue may have been deleted, or lost.
    await queue.prepare();
    const { woken } = await wakes.sweep(jobs(), queue.send);
    return this.#report(woken);
  }

  #report(moved: number): number {
    if (moved > 0) this.#parts.moved();
    return moved;
  }
}
