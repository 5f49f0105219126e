import type { Connection, Querying } from './connection.ts';
import { textOf } from './row.ts';
import { textKey } from './text-key.ts';

/** See `WakeStore.watchRuns`. One statement for all runs; it also deletes the watches that have ended. */
export async function watchRuns(
  { query, schema }: Querying,
  runIds: readonly string[],
  forMs: number,
): Promise<void> {
  await query(
    'record the watched runs',
    `WITH gone AS (
       DELETE FROM ${schema}.watches WHERE run_id IN (
         SELECT run_id FROM ${schema}.watches WHERE until < now() - interval '1 hour' LIMIT 100 FOR UPDATE SKIP LOCKED
       )
     )
     INSERT INTO ${schema}.watches (run_id, until)
     SELECT DISTINCT asked.run_id, now() + $2::float8 * interval '1 millisecond'
     FROM unnest($1::text[]) AS asked (run_id) ORDER BY 1
     ON CONFLICT (run_id) DO UPDATE SET until = excluded.until`,
    [runIds.map(textKey), forMs],
  );
}

/** See `WakeStore.watchedOf`. */
export async function watchedOf({ query, schema }: Connection, runIds: readonly string[]): Promise<string[]> {
  const rows = await query(
    'find the watched runs',
    `SELECT run_id FROM ${schema}.watches WHERE run_id = ANY ($1::text[]) AND until > now()`,
    [runIds.map(textKey)],
  );
  return rows.map((row) => textOf(row, 'run_id'));
}
