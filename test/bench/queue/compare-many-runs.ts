import process from 'node:process';
import { PgBoss } from 'pg-boss';
import { postgresStore } from '@longhaul/core/store/postgres';
import { WakeQueue } from '../../../packages/core/src/queue/wake-queue.ts';
import { wakeStoreOf } from '../../../packages/core/src/store/postgres/wake-store.ts';
import { explainedPool } from '../../../packages/core/test-support/postgres/explained-pool.ts';
import { median } from '../median.ts';
import { number, printTable } from '../print-table.ts';
import { benchDatabase, type BenchDatabase } from './bench-database.ts';
import { fairStarts, lateTimers } from './due-runs.ts';
import { driven, parked } from './memory-of-runs.ts';
import { fillWithWaitingRuns } from './waiting-runs.ts';

const runs = Number(process.env['LONGHAUL_BENCH_RUNS'] ?? 1_000_000);
const rounds = 20;
const due = 500;
const page = { limit: 50 };
const owners = Array.from({ length: 1_000 }, (_, n) => `owner-${n}`);

/** (k): many waiting runs in one database. The targets are in the table. */
export async function compareManyRuns(): Promise<void> {
  await using database = await benchDatabase();
  await measureStatements(database);
  await fairStarts(database);
  await lateTimers(database);
  await driven(database);
  await parked(database);
}

/** The time of PostgreSQL for the statements that many waiting runs could slow down. */
async function measureStatements(database: BenchDatabase): Promise<void> {
  const schema = database.newSchema();
  const pool = database.newPool();
  await fillWithWaitingRuns(pool, schema, runs, owners);
  await pool.query(`VACUUM "${schema}".runs`);
  const explained = explainedPool(pool);
  const store = postgresStore({ database: explained, directDatabase: pool, schema });
  const wakes = wakeStoreOf(store);
  if (wakes === undefined) throw new Error('The store has no queue.');
  const boss = new PgBoss({
    connectionString: database.url,
    schema: `"${schema}_pgboss"`,
    supervise: false,
    schedule: false,
  });
  await boss.start();
  const queue = new WakeQueue(boss);
  await queue.prepare();
  const jobs = { table: `"${schema}_pgboss".job`, queue: 'longhaul' };
  // The first call looks for the tables.
  await wakes.now();
  const scanned = new Set<string>();
  const rows: Record<string, string>[] = [];
  const measure = async (
    what: string,
    target: string,
    call: () => Promise<unknown>,
    prepare: () => Promise<unknown> = async () => undefined,
  ): Promise<void> => {
    const times: number[] = [];
    let pages = 0;
    for (let round = 0; round < rounds; round += 1) {
      await prepare();
      explained.statements.length = 0;
      await call();
      const statements = explained.statements;
      times.push(statements.reduce((sum, { ms }) => sum + ms, 0));
      pages = statements.reduce((sum, { blocks }) => sum + blocks, 0);
      for (const one of statements) for (const table of one.scanned) scanned.add(table);
    }
    rows.push({
      what,
      'PostgreSQL ms': median(times).toFixed(2),
      'target ms': target,
      'pages read': number(pages),
    });
  };
  const move = (): Promise<unknown> => wakes.moveDue(jobs, due, queue.send);
  let round = 0;
  await measure('nothing is due', '5', move);
  await measure('a page of all runs', '2', () => store.list(page));
  await measure('a page after a run', '2', () => store.list({ ...page, after: `run-${runs / 2}` }));
  await measure('a page of an owner', '2', () => store.list({ ...page, owner: 'owner-7' }));
  await measure('a page of a status', '2', () => store.list({ ...page, status: 'in_progress' }));
  await measure('a page of a status of no run', '2', () => store.list({ ...page, status: 'completed' }));
  const queued = (): Promise<unknown> => store.list({ ...page, status: 'queued' });
  await measure('a page of `queued`, without such runs', '2', queued);
  await measure('a page of an owner and a status', '2', () =>
    store.list({ ...page, owner: 'owner-7', status: 'in_progress' }),
  );
  await measure(`${due} due runs moved into the queue`, '30', move, async () => {
    round += 1;
    await pool.query(`DELETE FROM ${jobs.table}`);
    await pool.query(
      `UPDATE "${schema}".runs SET wake_at = now()
       WHERE run_id IN (SELECT 'run-' || ($1::int * 7919 + n * 631) % $2::int + 1 FROM generate_series(1, ${due}) AS n)`,
      [round, runs],
    );
    await pool.query(`ANALYZE ${jobs.table}`);
  });
  printTable(`(k) ${number(runs)} waiting runs; medians of ${rounds} calls, all statements of a call`, rows);
  // pg-boss' table of jobs has no or few rows here.
  const read = [...scanned].filter((table) => table !== 'job_common');
  console.log(`\nTables that were read as a whole: ${read.join(', ') || 'none'}.`);
  await boss.stop({ graceful: false });
  await store.close();
}
