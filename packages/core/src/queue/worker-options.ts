import type { PgBoss } from 'pg-boss';
import { checkRunnerOptions, type RunnerOptions } from '../driver/runner/runner-options.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { hasMethods, isObject, mustBe, mustBeOptions } from '../errors/must-be.ts';
import type { PostgresStore } from '../store/postgres.ts';
import { wakeStoreOf } from '../store/postgres/wake-store.ts';
import type { WakeStore } from '../store/wake-store.ts';
import { hasBossSchema } from './own-boss.ts';

export interface WorkerOptions<Context = unknown> extends RunnerOptions<Context> {
  /** A store that `postgresStore` has created. All workers and fronts of a queue use the same database and schema. */
  readonly store: PostgresStore;
  /**
   * A pg-boss on the same database, configured as the guide says. It must be started by the caller.
   *
   * @default its own pg-boss, in the schema of the store with `_pgboss` appended
   */
  readonly boss?: PgBoss | undefined;
  /** The number of runs that the worker drives at the same time. @default 100 */
  readonly slots?: number | undefined;
  /** A run that waits at least this long, in milliseconds, is parked: it needs no process until then. @default 5000 */
  readonly parkAfterMs?: number | undefined;
  /** Receives errors that no run can show, such as a database that is not reachable. @default console.warn */
  readonly onError?: ((error: Error) => void) | undefined;
}

const ownOptions = { boss: 'any', slots: 'any', parkAfterMs: 'any', onError: 'any' } as const;

/** @throws ConfigurationError */
export function checkWorkerOptions(options: WorkerOptions): void {
  const { agents = [], boss, slots = 1, parkAfterMs = 0, onError } = options ?? {};
  checkRunnerOptions(options, 'createWorker', ownOptions);
  mustBe(agents.length > 0, 'createWorker', 'agents', 'an array of the agents whose runs this worker drives');
  checkQueueStore(options.store, 'createWorker');
  mustBe(boss === undefined || isBoss(boss), 'createWorker', 'boss', 'a PgBoss of `pg-boss`');
  mustBe(Number.isInteger(slots) && slots >= 1, 'createWorker', 'slots', 'a whole number of at least 1');
  const isDuration = Number.isFinite(parkAfterMs) && parkAfterMs >= 0;
  mustBe(isDuration, 'createWorker', 'parkAfterMs', 'a number of milliseconds from 0');
  mustBeOptions({ onError }, 'createWorker', { onError: 'function' });
}

export function isBoss(boss: unknown): boolean {
  return hasMethods(boss, ['insert', 'fetch', 'complete', 'touch', 'getQueue', 'createQueue']);
}

/** @throws ConfigurationError for a store that no queue can use */
export function checkQueueStore(store: PostgresStore, owner: string): WakeStore {
  const wakes = isObject(store) ? wakeStoreOf(store) : undefined;
  if (wakes === undefined)
    throw new ConfigurationError(`${owner}: \`store\` must be a store that postgresStore(…) has created.`, {
      option: 'store',
    });
  const what =
    'a store whose `schema` has at most 43 bytes and none of the characters " \' % $ . \\, because pg-boss gets a schema next to it';
  mustBe(hasBossSchema(store), owner, 'store', what);
  return wakes;
}
