import type { Pool } from 'pg';
import * as z from 'zod';

const rowSchema = z.object({
  runId: z.string(),
  status: z.string(),
  iteration: z.number(),
  revision: z.number(),
  /** Null, `infinity` or a time. */
  wakeAt: z.string().nullable(),
  halted: z.string().nullable(),
  messages: z.number(),
  /** The states of the run's jobs that are not completed. */
  jobs: z.array(z.string()),
});
/** A run and its jobs, as one statement of the database sees them. */
export type QueueRow = z.infer<typeof rowSchema>;

const ended: ReadonlySet<string> = new Set(['completed', 'incomplete', 'failed', 'cancelled']);

export function isOver({ status }: QueueRow): boolean {
  return ended.has(status);
}

/** Whether the run waits for a person, and has no message. */
function rests({ status, wakeAt, messages }: QueueRow): boolean {
  return status === 'requires_action' && wakeAt === 'infinity' && messages === 0;
}

/** Q2: every run that is not over has a job, or a time at which it is due, or waits for a person, or is halted. */
export function isLost(row: QueueRow): boolean {
  const isDue = row.wakeAt !== null && row.wakeAt !== 'infinity';
  return !isOver(row) && row.jobs.length === 0 && !isDue && !rests(row) && row.halted === null;
}

/** Whether the run is over and completed its job, or waits without one. */
export function isQuiet(row: QueueRow): boolean {
  return row.jobs.length === 0 && (isOver(row) || rests(row) || row.halted !== null);
}

/** Reads all runs and their jobs in one statement, so that no other transaction is seen in part. */
export async function readQueue(pool: Pool, schema: string): Promise<readonly QueueRow[]> {
  const { rows } = await pool.query<Record<string, unknown>>(
    `SELECT r.run_id AS "runId", r.status, r.iteration, r.revision::integer AS revision,
       r.wake_at::text AS "wakeAt", r.halted_reason AS halted,
       (SELECT count(*)::integer FROM "${schema}".inbox AS i WHERE i.run_id = r.run_id) AS messages,
       ARRAY(SELECT j.state::text FROM "${schema}_pgboss".job AS j
         WHERE j.name = 'longhaul' AND j.singleton_key = r.run_id AND j.state < 'completed') AS jobs
     FROM "${schema}".runs AS r ORDER BY r.created_at, r.run_id`,
  );
  return z.array(rowSchema).parse(rows);
}

/** The jobs that are neither completed nor those of a run, or have failed: there is none when all runs are over. */
export async function readStrayJobs(pool: Pool, schema: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ job: string }>(
    `SELECT j.singleton_key || ' ' || j.state::text AS job FROM "${schema}_pgboss".job AS j
     WHERE j.name = 'longhaul' AND j.state <> 'completed'`,
  );
  return rows.map(({ job }) => job);
}
