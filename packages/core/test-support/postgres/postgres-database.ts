import { Pool, type PoolConfig } from 'pg';
import { afterAll, inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** The connection string of the PostgreSQL database of this run. */
    postgresUrl: string;
  }
}

/** The PostgreSQL database, for the tests of one file. */
export interface PostgresDatabase {
  /** A Pool of the database. It is ended after the file's tests. */
  newPool(options?: PoolConfig): Pool;
  /** The name of a schema that does not exist. It is dropped after the file's tests. */
  newSchema(): string;
}

/** Call it at the top of a test file. */
export function usePostgres(): PostgresDatabase {
  const pools: Pool[] = [];
  const schemas: string[] = [];

  function newPool(options: PoolConfig = {}): Pool {
    const pool = new Pool({ connectionString: inject('postgresUrl'), max: 4, ...options });
    pool.on('error', () => undefined);
    pools.push(pool);
    return pool;
  }

  afterAll(async () => {
    const pool = newPool();
    for (const schema of schemas) await pool.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    for (const one of pools) if (!one.ended) await one.end();
  });

  return {
    newPool,
    newSchema: () => {
      const schema = `test_${crypto.randomUUID()}`;
      schemas.push(schema);
      return schema;
    },
  };
}

/** Deletes all rows of a store's tables, if they exist. */
export async function deleteRows(pool: Pool, schema: string): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 AND tablename <> 'migrations'`,
    [schema],
  );
  for (const { name } of rows) await pool.query(`DELETE FROM "${schema}"."${name}"`);
}
