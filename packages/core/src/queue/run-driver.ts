import type { Clock } from '../clock/clock.ts';
import type { ParkResult } from '../driver/ownership/queue-side.ts';
import type { StoredItem } from '../engine/stored-item.ts';
import type { WakeStore } from '../store/wake-store.ts';
import type { LocalRunner } from '../driver/runner/local-runner.ts';
import { withTimeout } from '../clock/time-out.ts';
import { afterStop, type AfterStop } from './after-stop.ts';
import type { HeldJobs, HeldRun } from './held-jobs.ts';
import type { Settler } from './settler.ts';
import type { WakeQueue } from './wake-queue.ts';

interface DriverParts {
  readonly runner: LocalRunner;
  readonly held: HeldJobs;
  readonly settler: Settler;
  readonly queue: WakeQueue;
  readonly wakes: WakeStore;
  readonly clock: Clock;
  readonly version: string;
}

/** The time for which a worker waits until its runs are handed back, in milliseconds. */
const handBackWithinMs = 10_000;
/** How often a run is loaded again, while workers that have lost its job still save it. */
const mostTries = 10;
/** The delay before it is loaded again, in milliseconds. */
const tryAgainMs = 100;

/** Drives runs whose jobs this worker has, and settles them. */
export class RunDriver {
  readonly #parts: DriverParts;
  readonly #driving = new Map<string, Promise<void>>();
  /** Whether this worker hands back all runs, until `handBack` resolves, or permanently. */
  #isHandingBack = false;
  #isClosed = false;

  constructor(parts: DriverParts) {
    this.#parts = parts;
  }

  /** Drives the run until it is over, parked, or stops. Never rejects. */
  drive(run: HeldRun): void {
    // This worker may get a run's next job before it has forgotten the run.
    const before = this.#driving.get(run.runId) ?? Promise.resolve();
    const driving = before
      .then(() => this.#drive(run))
      // The store or the queue is not reachable. The job expires, and is retried.
      .catch(() => undefined)
      .finally(() => {
        run.isReleased = true;
        this.#parts.held.remove(run);
        if (this.#driving.get(run.runId) === driving) this.#driving.delete(run.runId);
      });
    this.#driving.set(run.runId, driving);
  }

  /** Stops driving, and hands back all runs. `graceMs`: the time limit of running tools, in milliseconds. */
  async handBack(graceMs: number): Promise<void> {
    this.#isHandingBack = true;
    try {
      await this.#handBack(graceMs, Promise.resolve());
    } finally {
      this.#isHandingBack = false;
    }
  }

  /** Hands back all runs, and each that is fetched later. `fetched`: resolves when no more runs arrive. */
  async close(graceMs: number, fetched: Promise<unknown>): Promise<void> {
    this.#isClosed = true;
    await this.#handBack(graceMs, fetched);
  }

  async #handBack(graceMs: number, fetched: Promise<unknown>): Promise<void> {
    const { held, runner, clock } = this.#parts;
    const detaching = held.all.flatMap(({ runId }) => runner.get(runId)?.detach({ graceMs }) ?? []);
    await Promise.all(detaching);
    const idle = (async () => {
      await fetched;
      while (this.#driving.size > 0) await Promise.all(this.#driving.values());
    })();
    await withTimeout(handBackWithinMs, clock, idle, () => undefined);
  }

  get #drivesNothing(): boolean {
    return this.#isHandingBack || this.#isClosed;
  }

  /** Resolves when a run is no longer driven, or after `ms` milliseconds. */
  async change(ms: number): Promise<void> {
    const ended = new AbortController();
    await Promise.race([...this.#driving.values(), this.#parts.clock.sleep(Math.max(0, ms), ended.signal)]);
    ended.abort();
  }

  async #drive(run: HeldRun): Promise<void> {
    const { settler, queue, version, clock } = this.#parts;
    const { runId, job } = run;
    for (let tries = 1; ; tries += 1) {
      const { error, isOver } = await this.#driveOnce(run);
      if (run.isReleased) return;
      if (isOver) return void (await settler.settle({ type: 'over', runId, job }));
      const next: AfterStop = this.#drivesNothing
        ? { type: 'hand_back', waitMs: 0 }
        : afterStop(error, job.retryCount);
      switch (next.type) {
        case 'nothing':
          return;
        case 'forget':
          return void (await settler.settle({ type: 'over', runId, job }));
        case 'retry':
          return queue.fail(job);
        case 'halt':
          return void (await settler.settle({ type: 'halt', runId, job, reason: next.reason, version }));
        case 'hand_back':
          return void (await settler.settle({ type: 'hand_back', runId, job, waitMs: next.waitMs }));
        case 'drive_again':
          if (tries >= mostTries || (await queue.touch([job])) === 0) return;
          run.taken = undefined;
          run.hasNoMessages = false;
          await clock.sleep(tryAgainMs * tries);
      }
    }
  }

  /** @returns whether the run is over, regardless of the process that has ended it, or why driving has stopped before that */
  async #driveOnce({ runId, agent, isManual }: HeldRun): Promise<{ isOver: boolean; error: unknown }> {
    const { runner } = this.#parts;
    try {
      const run = await runner.drive(runId, agent, isManual);
      if (this.#drivesNothing) await run.detach({ graceMs: 0 });
      await run.done();
      return { isOver: run.over, error: run.stopError };
    } catch (error) {
      return { isOver: false, error };
    } finally {
      runner.forget(runId);
    }
  }

  /** Loads the items of a run that were omitted when its job was fetched. @throws StoreError */
  async earlierItems(runId: string): Promise<readonly StoredItem[]> {
    const { createdAt = 0, omitted = 0 } = this.#parts.held.get(runId) ?? {};
    return omitted === 0 ? [] : this.#parts.wakes.loadEarlier({ runId, createdAt }, omitted);
  }

  /** Parks a run. @throws StoreError */
  async park(runId: string, revision: number, waitMs: number | null): Promise<ParkResult> {
    const run = this.#parts.held.get(runId);
    if (run === undefined || run.isReleased) return 'lost';
    const { job } = run;
    const settled = await this.#parts.settler.settle({ type: 'park', runId, job, revision, waitMs });
    if (settled === 'settled') run.isReleased = true;
    return settled === 'settled' ? 'parked' : settled;
  }
}
