import type { PgBoss } from 'pg-boss';
import type { Clock } from '../clock/clock.ts';
import { systemClock } from '../clock/system-clock.ts';
import { repeat } from '../clock/repeat.ts';
import { LocalRunner } from '../driver/runner/local-runner.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { mustBe } from '../errors/must-be.ts';
import type { JobTable, WakeStore } from '../store/wake-store.ts';
import { databaseClock, type DatabaseClock } from './database-clock.ts';
import { ErrorReports } from './error-reports.ts';
import { Fetcher } from './fetcher.ts';
import { checkBossDatabase } from './check-boss-database.ts';
import { checkMonitoring } from './check-monitoring.ts';
import { Heartbeats } from './heartbeats.ts';
import { HeldJobs } from './held-jobs.ts';
import { jobTableOf } from './job-table.ts';
import { jobStore } from './job-store.ts';
import { libraryVersion } from './library-version.ts';
import { bossSchema, ownBoss, startAttempts } from './own-boss.ts';
import { RunDriver } from './run-driver.ts';
import { Settler } from './settler.ts';
import { Timekeeper } from './timekeeper.ts';
import { WakeQueue, queueName } from './wake-queue.ts';
import { checkQueueStore, type WorkerOptions } from './worker-options.ts';

/** How often runs that are due are moved into the queue, in milliseconds. */
const dueEveryMs = 125;
/** How often jobs are touched, in milliseconds. A job without a touch fails after 10 s. */
const touchEveryMs = 3_000;
/** How often runs that have lost their job are searched, in milliseconds. */
const sweepEveryMs = 30_000;

/** A process that drives the runs of a queue. */
export class QueueWorker {
  readonly #options: WorkerOptions;
  readonly #wakes: WakeStore;
  readonly #boss: PgBoss;
  readonly #queue: WakeQueue;
  readonly #clock: DatabaseClock;
  readonly #held = new HeldJobs();
  readonly #runner: LocalRunner;
  readonly #driver: RunDriver;
  readonly #fetcher: Fetcher;
  readonly #reports: ErrorReports;
  readonly #timekeeper: Timekeeper;
  readonly #heartbeats: Heartbeats;
  #jobs: JobTable;
  #starting: Promise<void> | undefined;
  #ends: (() => void)[] = [];
  #draining: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: WorkerOptions) {
    const { store, boss, slots = 100, parkAfterMs = 5_000, onError, ...runnerOptions } = options;
    const machine: Clock = options.clock ?? systemClock;
    this.#options = options;
    this.#wakes = checkQueueStore(store, 'createWorker');
    this.#clock = databaseClock(machine);
    this.#jobs = { table: `${bossSchema(store)}.job`, queue: queueName };
    this.#reports = new ErrorReports(onError, () => this.#clock.monotonic());
    this.#boss = boss ?? ownBoss(store, true, (message) => this.#reports.report(new Error(message)));
    this.#queue = new WakeQueue(this.#boss);
    const settler = new Settler(this.#wakes, this.#queue.complete);
    this.#runner = new LocalRunner(
      { ...runnerOptions, clock: this.#clock, store: jobStore(store, this.#wakes, this.#held) },
      {
        role: 'worker',
        parkAfterMs,
        park: (runId, revision, waitMs) => this.#driver.park(runId, revision, waitMs),
        earlierItems: (runId) => this.#driver.earlierItems(runId),
        isWatched: (runId) => this.#held.get(runId)?.isWatched === true,
      },
    );
    const parts = {
      ...{ runner: this.#runner, held: this.#held, settler, queue: this.#queue, clock: this.#clock },
      ...{ wakes: this.#wakes, jobs: () => this.#jobs },
    };
    this.#driver = new RunDriver({ ...parts, version: libraryVersion() });
    this.#fetcher = new Fetcher({
      ...parts,
      agents: new Set(options.agents?.map(({ name }) => name)),
      slots,
      drive: (run) => this.#driver.drive(run),
      fetched: () => this.#heartbeats.holdJobs(),
      settle: (settlement) => settler.settle(settlement),
      report: (error) => this.#reports.report(error),
    });
    this.#heartbeats = new Heartbeats(parts);
    this.#timekeeper = new Timekeeper({ ...parts, moved: () => this.#fetcher.fetchSoon() });
  }

  /** Starts pg-boss, creates the queue and the tables, and drives runs until `close`. */
  async start(): Promise<void> {
    this.#mustBeOpen();
    // A failure is not remembered, because the next attempt may succeed.
    this.#starting ??= this.#draining
      .then(() => this.#start())
      .catch((error: unknown) => {
        this.#starting = undefined;
        throw error;
      });
    return this.#starting;
  }

  #mustBeOpen(): void {
    if (this.#isClosed) throw new ConfigurationError('The worker is closed. Create another one.');
  }

  async #start(): Promise<void> {
    await this.#prepare();
    await this.#wakes.resumeHaltedBefore(libraryVersion(), this.#queue.send);
    await this.#timekeeper.sweep();
    this.#every(dueEveryMs, () => this.#timekeeper.moveDue());
    this.#every(touchEveryMs, () => this.#heartbeats.touch());
    this.#every(touchEveryMs, () => this.#heartbeats.findWatched());
    this.#every(sweepEveryMs, () => this.#timekeeper.sweep());
    if (this.#options.boss !== undefined)
      this.#every(sweepEveryMs, () => checkMonitoring(this.#boss, this.#jobs, this.#clock));
    const unwatch = this.#options.store.watch((notice) => {
      if (notice.type === 'woken') this.#fetcher.fetchSoon();
    });
    this.#ends.push(unwatch, this.#fetcher.start());
  }

  async #prepare(): Promise<void> {
    await this.#timekeeper.readTime();
    if (this.#options.boss === undefined) await this.#boss.start({ attempts: startAttempts });
    else await checkBossDatabase(this.#boss, this.#wakes);
    await this.#queue.prepare();
    if (this.#options.boss !== undefined) this.#jobs = await jobTableOf(this.#boss);
  }

  #every(everyMs: number, what: () => Promise<unknown>): void {
    const safely = async (): Promise<void> => {
      try {
        await what();
      } catch (error) {
        // The next time tries again.
        this.#reports.report(error);
      }
    };
    this.#ends.push(repeat(this.#clock, everyMs, safely));
  }

  /**
   * Drives the runs that are due, and returns when none is left, or after `maxMs` milliseconds. Then it hands back the
   * runs that it drives. For cron and serverless functions.
   */
  async drain({ maxMs = 25_000 }: { readonly maxMs?: number } = {}): Promise<void> {
    this.#mustBeOpen();
    mustBe(maxMs >= 0, 'drain', 'maxMs', 'a number of milliseconds from 0');
    if (this.#starting !== undefined)
      throw new ConfigurationError(
        'The worker is started, so it drives all runs that are due without `drain`.',
      );
    const until = this.#clock.monotonic() + maxMs;
    // A call that comes during another one drives the runs that have become due since.
    const draining = this.#draining.then(() => this.#drain(until));
    this.#draining = draining.catch(() => undefined);
    return draining;
  }

  async #drain(until: number): Promise<void> {
    if (this.#isClosed) return;
    await this.#prepare();
    await this.#wakes.resumeHaltedBefore(libraryVersion(), this.#queue.send);
    await this.#queue.supervise();
    await this.#timekeeper.sweep();
    this.#every(touchEveryMs, () => this.#heartbeats.touch());
    try {
      for (;;) {
        const moved = await this.#timekeeper.moveDue();
        const fetched = await this.#fetcher.fetchOnce();
        if (this.#isClosed || this.#clock.monotonic() >= until) break;
        if (moved === 0 && fetched === 0 && this.#held.size === 0) break;
        if (fetched === 0) await this.#driver.change(Math.min(dueEveryMs, until - this.#clock.monotonic()));
      }
      await this.#driver.handBack(0);
    } finally {
      for (const end of this.#ends.splice(0)) end();
    }
  }

  /**
   * Fetches no more runs, and hands back those that it drives: other workers continue them immediately. Nothing is
   * cancelled at the server. Running tools may finish for `graceMs` milliseconds.
   */
  async close({ graceMs = 10_000 }: { readonly graceMs?: number } = {}): Promise<void> {
    mustBe(graceMs >= 0, 'close', 'graceMs', 'a number of milliseconds from 0');
    this.#isClosed = true;
    await this.#starting?.catch(() => undefined);
    for (const end of this.#ends.splice(0)) end();
    const touching = repeat(this.#clock, touchEveryMs, () => this.#heartbeats.touch().catch(() => undefined));
    try {
      await this.#driver.close(graceMs, Promise.all([this.#fetcher.ended(), this.#draining]));
      await this.#runner.close({ graceMs: 0 });
    } finally {
      touching();
      if (this.#options.boss === undefined) await this.#boss.stop({ graceful: false });
    }
  }
}
