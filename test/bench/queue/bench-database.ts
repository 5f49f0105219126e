import process from 'node:process';
import { Pool, type PoolConfig } from 'pg';
import { startPostgres } from '../../support/postgres/server.ts';

/** The PostgreSQL database of the benchmarks. */
export interface BenchDatabase extends AsyncDisposable {
  readonly url: string;
  newPool(options?: PoolConfig): Pool;
  /** The name of a schema that does not exist. It is dropped at the end, with that of pg-boss. */
  newSchema(): string;
}

/** Starts a server, or uses that of `LONGHAUL_POSTGRES_URL`. */
export async function benchDatabase(): Promise<BenchDatabase> {
  const given = process.env['LONGHAUL_POSTGRES_URL'];
  const server = given ? undefined : await startPostgres();
  const url = server?.url ?? given ?? '';
  const pools: Pool[] = [];
  const schemas: string[] = [];

  function newPool(options: PoolConfig = {}): Pool {
    const pool = new Pool({ connectionString: url, max: 10, ...options });
    pool.on('error', () => undefined);
    pools.push(pool);
    return pool;
  }

  return {
    url,
    newPool,
    newSchema: () => {
      const schema = `bench_${crypto.randomUUID().slice(0, 8)}`;
      schemas.push(schema);
      return schema;
    },
    [Symbol.asyncDispose]: async () => {
      const pool = newPool();
      for (const schema of schemas)
        for (const name of [schema, `${schema}_pgboss`])
          await pool.query(`DROP SCHEMA IF EXISTS "${name}" CASCADE`);
      await Promise.all(pools.map((one) => one.end()));
      await server?.close();
    },
  };
}
