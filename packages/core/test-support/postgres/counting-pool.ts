import type { Pool } from 'pg';
import type { PostgresPool } from '../../src/store/postgres/pool.ts';

/** A Pool that counts the statements outside transactions, without notices. */
export function countingPool(pool: Pool): PostgresPool & { count: number } {
  return {
    count: 0,
    on: () => undefined,
    connect: () => pool.connect(),
    query(statement) {
      if (!statement.text.includes('pg_notify')) this.count += 1;
      return pool.query(statement);
    },
  };
}
