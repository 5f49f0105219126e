import type { Connection } from './connection.ts';
import { textOf } from './row.ts';

/**
 * The statement whose only column `id` identifies a database: its server, by the time of its start, and its number. The
 * text must not depend on the time zone of a connection.
 */
export const identityQuery = `SELECT extract(epoch FROM pg_postmaster_start_time())::text || ' ' || oid::text AS id
  FROM pg_database WHERE datname = current_database()`;

/** See `WakeStore.identity`. */
export async function databaseIdentity({ query }: Connection): Promise<string> {
  const [row] = await query('identify the database', identityQuery);
  return row === undefined ? '' : textOf(row, 'id');
}
