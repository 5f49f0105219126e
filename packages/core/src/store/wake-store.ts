import type { StoredItem } from '../engine/stored-item.ts';
import type { InboxMessage, RunCommit, RunHead, RunSnapshot } from './run-store.ts';

/** The connection of a transaction, in the form of the option `db` of pg-boss. */
export interface TransactionDatabase {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** A run for which a worker is woken. `turn`: its place among the runs of its owner that become due together, from 1. */
export interface Wake {
  readonly key: string;
  readonly turn: number;
}

/** Adds the jobs of runs to the queue, in the given transaction. */
export type SendWakes = (database: TransactionDatabase, wakes: readonly Wake[]) => Promise<void>;

/** The attempt of a job that a worker has fetched. */
export interface JobAttempt {
  readonly id: string;
  readonly retryCount: number;
}

/** Completes jobs in the given transaction. @returns the number of jobs whose attempt was still current */
export type CompleteJobs = (database: TransactionDatabase, jobs: readonly JobAttempt[]) => Promise<number>;

/** A run as a worker takes it. */
export interface TakenRun {
  readonly runId: string;
  readonly agent: string;
  readonly status: RunHead['status'];
  /** The run with the items of its last two iterations. Undefined if the saved data is damaged. */
  readonly snapshot: RunSnapshot | undefined;
  /** The number of items before those of `snapshot`. */
  readonly omitted: number;
  readonly isHalted: boolean;
  /** A person has resumed the run, which permits a create that may be paid for twice. */
  readonly isManual: boolean;
  readonly isWatched: boolean;
  readonly hasMessages: boolean;
}

/** How a worker ends its work on a run. The job is completed in the same transaction. */
export type Settlement = { readonly runId: string; readonly job: JobAttempt } & (
  | { readonly type: 'over' }
  /** `revision`: the last save of the worker. `waitMs`: until the run is due. Null: the run waits for a person. */
  | { readonly type: 'park'; readonly revision: number; readonly waitMs: number | null }
  /** Another worker continues the run, in `waitMs` milliseconds. */
  | { readonly type: 'hand_back'; readonly waitMs: number }
  /** No worker continues the run until it is resumed, or until a worker of a newer version starts. */
  | { readonly type: 'halt'; readonly reason: string; readonly version: string }
);

/**
 * The result of a settlement. `has_messages`: the run is not parked, because its inbox has messages. `lost`: another
 * worker may have the job, so nothing has changed.
 */
export type Settled = 'settled' | 'has_messages' | 'lost';

/** The table of jobs of pg-boss: its quoted name, and the name of the queue. */
export interface JobTable {
  readonly table: string;
  readonly queue: string;
}

/** The result of `sweep`. */
export interface Sweep {
  /** The number of runs that were not over, not parked and not halted, and had no job. They have one now. */
  readonly woken: number;
}

/**
 * The runs of a queue, in the database that has the jobs too. The table of runs is the source of truth; a job is a hint
 * that a run needs a worker. The invariants:
 *
 * - Q1 No effect is performed before the new epoch of the run is saved.
 * - Q2 Every run that is not over has a job, or a time at which it is due, or waits for a person and has no message, or
 *   is halted.
 * - Q3 A run is parked, and its job completed, in one transaction.
 * - Q4 The queue has only hints: if it is lost, a sweeper sends the wakes again.
 * - Q5 The database's clock decides: a worker's time is the database's time and the monotonic time since.
 * - Q6 No number of failed attempts loses a run: it is halted, and shows why.
 */
export interface WakeStore {
  /** Text that identifies a run in the queue. */
  keyOf(runId: string): string;
  runIdOf(key: string): string;
  /**
   * Saves the first revision of a run, or imports it, and sends its wake, unless the run is over. `watchedMs`: for how long
   * the run counts as watched.
   */
  start(change: RunCommit, watchedMs: number, send: SendWakes): Promise<void>;
  /** Adds a message to the run's inbox, and sends a wake if the run is parked. */
  post(runId: string, message: InboxMessage, send: SendWakes): Promise<void>;
  /** Ends the halt of a run, and sends a wake unless it has a job. @returns false if there is no such run */
  resume(runId: string, isManual: boolean, send: SendWakes): Promise<boolean>;
  /**
   * Loads the items that `take` has omitted.
   *
   * @throws LonghaulError `not_found` if the run was deleted since
   */
  loadEarlier(head: Pick<RunHead, 'runId' | 'createdAt'>, omitted: number): Promise<readonly StoredItem[]>;
  /** Reads runs whose jobs were fetched. Runs that were deleted are missing in the answer. */
  take(runIds: readonly string[]): Promise<TakenRun[]>;
  /** Saves commits of several runs, as `commit` of the store. @returns a result for each commit, in the same order */
  commitAll(changes: readonly RunCommit[]): Promise<PromiseSettledResult<void>[]>;
  /** Forgets remembered webhooks, as `takeWebhook` of the store. @returns the responses that were remembered */
  takeWebhooks(responseIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** @returns a result for each settlement, in the same order */
  settle(settlements: readonly Settlement[], complete: CompleteJobs): Promise<Settled[]>;
  /**
   * Sends wakes for runs that are due, at most `limit`, and by owner in turn.
   *
   * @returns the number of runs, and the database's time in milliseconds since the epoch
   */
  moveDue(
    queue: JobTable,
    limit: number,
    send: SendWakes,
  ): Promise<{ readonly moved: number; readonly now: number }>;
  /** Sends wakes for runs that have lost their job (Q2, Q4). */
  sweep(queue: JobTable, send: SendWakes): Promise<Sweep>;
  /** Ends the halts of runs by workers of older versions. @returns the number of runs */
  resumeHaltedBefore(version: string, send: SendWakes): Promise<number>;
  /** Records that these runs are watched for the next `forMs` milliseconds. */
  watchRuns(runIds: readonly string[], forMs: number): Promise<void>;
  /** Those of these runs that are watched. */
  watchedOf(runIds: readonly string[]): Promise<string[]>;
  /**
   * The worker with this id has these jobs now, and has just touched them. While its event loop is blocked, a thread
   * touches them in its place.
   */
  holdJobs(worker: string, queue: JobTable, jobs: readonly JobAttempt[]): void;
  /** Text that identifies the database, to be compared with that of another connection. */
  identity(): Promise<string>;
  /** The database's time, in milliseconds since the epoch. */
  now(): Promise<number>;
}
