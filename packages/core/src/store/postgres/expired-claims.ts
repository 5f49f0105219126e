import type { Connection } from './connection.ts';
import type { PostgresValue } from './pool.ts';
import { numberOf, optionalTextOf, type Row } from './row.ts';

type Query = (text: string, values: readonly PostgresValue[]) => Promise<Row[]>;

/**
 * Returns a function that returns the runs whose claims have expired since its last call; at first, in the last minute. No
 * process sends a notice of that.
 */
export function expiredClaims({ schema }: Connection): (query: Query) => Promise<string[]> {
  /** The database's time at the last call, in seconds since the epoch. */
  let since: number | null = null;
  const text = `
    WITH looked AS MATERIALIZED (
      SELECT clock_timestamp() AS at, coalesce(to_timestamp($1::float8), clock_timestamp() - interval '1 minute') AS since
    )
    SELECT extract(epoch FROM looked.at)::text AS at, c.run_id FROM looked
    LEFT JOIN LATERAL (
      SELECT o.owner FROM ${schema}.owners AS o WHERE o.until > looked.since AND o.until <= looked.at
      ORDER BY o.until LIMIT 10000
    ) AS gone ON true
    LEFT JOIN LATERAL (
      SELECT claims.run_id FROM ${schema}.claims WHERE claims.owner = gone.owner OFFSET 0
    ) AS c ON true`;
  return async (query) => {
    const rows = await query(text, [since]);
    for (const row of rows) since = numberOf(row, 'at');
    return rows.flatMap((row) => optionalTextOf(row, 'run_id') ?? []);
  };
}
