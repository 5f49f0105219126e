import { DatabaseError, type Pool } from 'pg';
import * as v from 'valibot';
import type { WorkerState } from './messages.ts';

/**
 * The process of a run that is not over. A run is `driven` by a worker, or `lost` if its worker was stopped: another
 * worker takes it over. A `queued` run waits for a worker, and a `parked` run waits without a process. A `halted` run waits
 * until a person resumes it.
 */
export type RunDriving =
  | { readonly runId: string; readonly state: 'driven' | 'lost'; readonly worker: number }
  | { readonly runId: string; readonly state: 'queued' | 'parked' | 'halted' };

/** A run that is not over, as the database has it. */
export interface DrivingRow {
  readonly runId: string;
  readonly isParked: boolean;
  readonly isHalted: boolean;
  /** Whether a worker has fetched the run's job. */
  readonly isFetched: boolean;
  /** The worker that has driven the run last, and its process. */
  readonly worker: number | null;
  readonly pid: number | null;
}

const rowSchema = v.object({
  runId: v.string(),
  isParked: v.boolean(),
  isHalted: v.boolean(),
  isFetched: v.boolean(),
  worker: v.nullable(v.number()),
  pid: v.nullable(v.number()),
});

/** Decides whether a worker drives a run. A job that a dead worker has fetched is failed some seconds later. */
export function drivingOf(row: DrivingRow, workers: readonly WorkerState[]): RunDriving {
  const { runId, worker, pid } = row;
  if (row.isHalted) return { runId, state: 'halted' };
  if (row.isParked) return { runId, state: 'parked' };
  if (!row.isFetched || worker === null) return { runId, state: 'queued' };
  const isAlive = workers.some((one) => one.number === worker && one.pid === pid);
  return { runId, worker, state: isAlive ? 'driven' : 'lost' };
}

/** The table of the demo that has the worker of each run. The store does not need it: only the page shows it. */
export interface DriverTable {
  /** Creates the table. */
  prepare(): Promise<void>;
  /** Records that a worker begins to drive a run. */
  record(runId: string, worker: number, pid: number): Promise<void>;
  /** The runs of a visitor that are not over. */
  read(owner: string): Promise<readonly DrivingRow[]>;
  forget(runId: string): Promise<void>;
}

/** The first worker creates the tables. Until then, there are no runs. */
function noTables(error: unknown): { readonly rows: readonly unknown[] } {
  if (error instanceof DatabaseError && error.code === '42P01') return { rows: [] };
  throw error;
}

/**
 * Its query reads tables of the store and of pg-boss, which are not public. They may change with a version.
 *
 * @param schema The schema of the runs
 */
export function driverTable(database: Pool, schema: string): DriverTable {
  const own = `"${schema}_page"`;
  return {
    prepare: async () => {
      await database.query(
        `CREATE SCHEMA IF NOT EXISTS ${own};
         CREATE TABLE IF NOT EXISTS ${own}.drivers (run_id text PRIMARY KEY, worker integer, pid integer)`,
      );
    },
    record: async (runId, worker, pid) => {
      await database.query(
        `INSERT INTO ${own}.drivers VALUES ($1, $2, $3)
         ON CONFLICT (run_id) DO UPDATE SET worker = excluded.worker, pid = excluded.pid`,
        [runId, worker, pid],
      );
    },
    read: async (owner) => {
      const { rows } = await database
        .query(
          `SELECT r.run_id AS "runId", r.wake_at IS NOT NULL AS "isParked", r.halted_since IS NOT NULL AS "isHalted",
           d.worker, d.pid, EXISTS (
             SELECT FROM "${schema}_pgboss".job AS j
             WHERE j.name = 'longhaul' AND j.singleton_key = r.run_id AND j.state = 'active'
           ) AS "isFetched"
         FROM "${schema}".runs AS r LEFT JOIN ${own}.drivers AS d ON d.run_id = r.run_id
         WHERE r.owner = $1 AND r.status_group IN ('active', 'requires_action')`,
          [owner],
        )
        .catch(noTables);
      return v.parse(v.array(rowSchema), rows);
    },
    forget: async (runId) => {
      await database.query(`DELETE FROM ${own}.drivers WHERE run_id = $1`, [runId]);
    },
  };
}
