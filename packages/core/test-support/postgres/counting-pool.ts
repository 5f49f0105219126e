import type { Pool } from 'pg';
import type { PostgresPool } from '../../src/store/postgres/pool.ts';

/** A Pool that counts the statements outside transactions. */
export function countingPool(pool: Pool): PostgresPool & { count: number } {
  return {
    count: 0,
    on: () => undefined,
    connect: () => pool.connect(),
    query(statement) {
      this.count += 1;
      return pool.query(statement);
    },
  };
}
