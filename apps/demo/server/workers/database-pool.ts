import { Pool } from 'pg';

/** A Pool for a store. Without these limits, `pg` waits for a dead connection without end. */
export function databasePool(connectionString: string, max: number): Pool {
  return new Pool({
    connectionString,
    max,
    connectionTimeoutMillis: 5_000,
    query_timeout: 20_000,
    keepAlive: true,
  });
}
