import { terminalStatuses } from '../undriven-runs.ts';
import type { JobTable, SendWakes, Sweep } from '../wake-store.ts';
import type { Connection } from './connection.ts';
import { databaseOf } from './queued-runs.ts';
import { isTrue, rawTextOf } from './row.ts';
import { activeGroup, unparked } from './status-group.ts';

/** Only one process at a time sweeps. */
const lockName = 'longhaul.sweep';
/** How many runs one sweep wakes. */
const mostWoken = 1_000;

/**
 * See `WakeStore.sweep`. Finds runs that break Q2: those without a job, and those that wait for a person although they
 * have a message.
 */
export async function sweepRuns(
  connection: Connection,
  { table, queue }: JobTable,
  send: SendWakes,
): Promise<Sweep> {
  const { schema } = connection;
  return connection.transaction('sweep runs', async (query, foreign) => {
    const [lock] = await query(
      `SELECT pg_try_advisory_xact_lock(hashtext('${lockName}'), hashtext($1))::text AS locked`,
      [schema],
    );
    if (lock === undefined || !isTrue(lock, 'locked')) return { woken: 0 };
    // The lock of a row excludes a worker that parks the run, and the row is read again after it. The conditions on the
    // job are those of the index that keeps a queue stately. OFFSET prevents a join, which would read the table of jobs.
    const lost = await query(
      `SELECT r.run_id AS key FROM ${schema}.runs AS r
       WHERE queued AND wake_at IS NULL AND halted_since IS NULL
         AND status_group = '${activeGroup}'
         AND NOT EXISTS (
           SELECT FROM ${table} AS j WHERE j.name = $1 AND COALESCE(j.singleton_key, '') = r.run_id COLLATE "default"
             AND j.state IN ('created', 'retry', 'active') AND j.state <= 'active' AND j.policy = 'stately' OFFSET 0
         )
       ORDER BY r.run_id LIMIT ${mostWoken} FOR UPDATE OF r SKIP LOCKED`,
      [queue],
    );
    const deaf = await query(
      `SELECT r.run_id AS key FROM (SELECT DISTINCT run_id FROM ${schema}.inbox) AS i, LATERAL (
         SELECT run_id FROM ${schema}.runs
         WHERE runs.run_id = i.run_id AND queued AND wake_at = 'infinity' LIMIT 1
       ) AS r LIMIT ${mostWoken}`,
    );
    const woken = await query(
      `UPDATE ${schema}.runs SET ${unparked} WHERE run_id = ANY ($1::text[]) AND wake_at = 'infinity'
       RETURNING run_id AS key`,
      [deaf.map((row) => rawTextOf(row, 'key'))],
    );
    // A message for a run that has ended at the same time has no effect.
    await query(
      `DELETE FROM ${schema}.inbox AS i USING ${schema}.runs AS r
       WHERE r.run_id = i.run_id AND r.queued AND r.status = ANY ($1::text[])`,
      [terminalStatuses],
    );
    const wakes = [...lost, ...woken].map((row) => ({ key: rawTextOf(row, 'key'), turn: 1 }));
    if (wakes.length > 0) await send(databaseOf(foreign), wakes);
    return { woken: wakes.length };
  });
}
