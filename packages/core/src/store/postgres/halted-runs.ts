import type { SendWakes } from '../wake-store.ts';
import type { Connection } from './connection.ts';
import { databaseOf } from './queued-runs.ts';
import { isTrue, rawTextOf } from './row.ts';
import { unparked } from './status-group.ts';
import { textKey } from './text-key.ts';

/** See `WakeStore.resume`. A run that has a job keeps it. */
export async function resumeRun(
  connection: Connection,
  runId: string,
  isManual: boolean,
  send: SendWakes,
): Promise<boolean> {
  const { schema } = connection;
  const key = textKey(runId);
  return connection.transaction(`resume run ${runId}`, async (query, foreign) => {
    const [run] = await query(
      `SELECT (wake_at IS NOT NULL OR halted_since IS NOT NULL)::text AS waits FROM ${schema}.runs
       WHERE run_id = $1 AND queued FOR UPDATE`,
      [key],
    );
    if (run === undefined) return false;
    await query(
      `UPDATE ${schema}.runs SET ${unparked},
         resume_manual = resume_manual OR $2::boolean WHERE run_id = $1`,
      [key, isManual],
    );
    if (isTrue(run, 'waits')) await send(databaseOf(foreign), [{ key, turn: 1 }]);
    return true;
  });
}

/** How many halted runs are resumed in one transaction. */
const resumedAtOnce = 500;

/** See `WakeStore.resumeHaltedBefore`. Versions are compared by their numbers. */
export async function resumeHaltedBefore(
  connection: Connection,
  version: string,
  send: SendWakes,
): Promise<number> {
  const { schema } = connection;
  // Without the suffix of a pre-release. `$1` is text, because PostgreSQL must know its type.
  const numbers = (text: string): string =>
    `string_to_array(substring(${text} FROM '^[0-9.]*[0-9]'), '.')::int[]`;
  for (let total = 0; ; ) {
    const resumed = await connection.transaction('resume halted runs', async (query, foreign) => {
      const rows = await query(
        `UPDATE ${schema}.runs SET ${unparked}
         WHERE run_id IN (
           SELECT run_id FROM ${schema}.runs WHERE halted_since IS NOT NULL AND halted_version ~ '^[0-9]'
             AND ${numbers('halted_version')} < ${numbers('$1::text')}
           LIMIT ${resumedAtOnce} FOR UPDATE SKIP LOCKED
         ) RETURNING run_id AS key`,
        [version],
      );
      const wakes = rows.map((row) => ({ key: rawTextOf(row, 'key'), turn: 1 }));
      if (wakes.length > 0) await send(databaseOf(foreign), wakes);
      return wakes.length;
    });
    total += resumed;
    if (resumed < resumedAtOnce) return total;
  }
}
