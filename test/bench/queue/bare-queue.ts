import type { Pool } from 'pg';
import { PgBoss } from 'pg-boss';

const name = 'longhaul';
/** The number of jobs that a worker of Longhaul fetches with one statement. */
const batchSize = 50;

interface Job {
  readonly id: string;
  readonly retryCount: number;
}

/** pg-boss on the queue of a schema, without Longhaul. */
export class BareQueue {
  readonly #boss: PgBoss;
  readonly #pool: Pool;
  readonly #schema: string;

  constructor(pool: Pool, schema: string) {
    this.#pool = pool;
    this.#schema = schema;
    this.#boss = new PgBoss({
      schema: `"${schema}_pgboss"`,
      db: { executeSql: async (text, values) => rowsOf(await pool.query(text, values)) },
      supervise: false,
      schedule: false,
    });
  }

  async start(): Promise<void> {
    await this.#boss.start();
  }

  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: false });
  }

  /** Sends wakes for all runs of the schema, as the timekeeper does. Completed jobs are deleted first. */
  async wakeAll(): Promise<void> {
    await this.#pool.query(`DELETE FROM "${this.#schema}_pgboss".job WHERE state = 'completed'`);
    const { rows } = await this.#pool.query<{ key: string }>(
      `UPDATE "${this.#schema}".runs SET wake_at = NULL RETURNING run_id AS key`,
    );
    await this.#boss.insert(
      name,
      rows.map(({ key }) => ({ singletonKey: key, data: { key } })),
    );
    await this.#pool.query(`VACUUM ANALYZE "${this.#schema}".runs`);
    await this.#pool.query(`VACUUM ANALYZE "${this.#schema}_pgboss".job`);
  }

  /**
   * Fetches all jobs, and completes each batch with the attempts of its jobs. `each`: with a statement for each job. `one`:
   * fetches and completes one job at a time.
   */
  async work(how: 'batch' | 'each' | 'one'): Promise<number> {
    let done = 0;
    for (;;) {
      const jobs: readonly Job[] = await this.#boss.fetch(name, { batchSize: how === 'one' ? 1 : batchSize });
      if (jobs.length === 0) return done;
      const attempts = jobs.map(({ id, retryCount }) => ({ id, retryCount }));
      if (how === 'each') await Promise.all(attempts.map((attempt) => this.#boss.complete(name, [attempt])));
      else await this.#boss.complete(name, attempts);
      done += jobs.length;
    }
  }
}

interface Result {
  readonly rows: readonly unknown[];
}

/** The rows of a result. That of a text of several statements is an array. */
function rowsOf(result: Result | readonly Result[]): { rows: Record<string, unknown>[] } {
  const rows = 'rows' in result ? result.rows : result.flatMap((one) => one.rows);
  return { rows: rows.map((row) => ({ ...Object(row) })) };
}
