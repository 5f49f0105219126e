import { postgresStore } from '@longhaul/core/store/postgres';
import { explainedPool } from '../../../packages/core/test-support/postgres/explained-pool.ts';
import { median, percentile } from '../median.ts';
import { number, printTable, ratio } from '../print-table.ts';
import { pageText } from '../iterations.ts';
import type { BenchDatabase } from './bench-database.ts';
import { fillWithWaitingRuns } from './waiting-runs.ts';

const runs = 20_000;
const saves = 500;

/** The save of a usual head and one item, compared with an UPDATE and an INSERT in one statement. */
export async function compareSaves(database: BenchDatabase): Promise<void> {
  const schema = database.newSchema();
  const pool = database.newPool();
  await fillWithWaitingRuns(pool, schema, runs);
  // Workers save runs that are not parked.
  await pool.query(`UPDATE "${schema}".runs SET wake_at = NULL, status_group = 'active'`);
  await pool.query(`VACUUM FULL ANALYZE "${schema}".runs`);
  const explained = explainedPool(pool);
  let roundTrips = 0;
  const counted: typeof explained = {
    ...explained,
    query: (statement) => {
      roundTrips += statement.text.includes('pg_notify') ? 0 : 1;
      return explained.query(statement);
    },
  };
  const store = postgresStore({ database: counted, directDatabase: pool, schema });
  const item = { n: 1, type: 'function_call_output', output: pageText(1) };
  const bareTable = await newBareTable(pool, schema);
  const bare: number[] = [];
  const ours: number[] = [];
  for (let n = 1; n <= saves; n += 1) {
    const runId = `run-${(n * 37) % runs}`;
    const stored = await store.load(runId);
    if (stored === undefined) throw new Error(`There is no run ${runId}.`);
    const revision = stored.head.revision + 1;
    const commitId = crypto.randomUUID();
    const head = { ...stored.head, revision, commitId, updatedAt: stored.head.updatedAt + 1 };
    explained.statements.length = 0;
    roundTrips = 0;
    const append: typeof stored.items = JSON.parse(JSON.stringify([item]));
    await store.commit({ runId, revision, commitId, head, append });
    if (roundTrips !== 1) throw new Error(`A save had ${roundTrips} round trips.`);
    ours.push(explained.statements[0]?.ms ?? Number.NaN);
    explained.statements.length = 0;
    await explained.query({
      text: `WITH saved AS (UPDATE ${bareTable} SET head = $2 WHERE run_id = $1 RETURNING run_id)
             INSERT INTO ${bareTable}_items SELECT run_id, $3::integer, $4 FROM saved`,
      values: [runId, JSON.stringify(head), revision, JSON.stringify([item])],
      query_timeout: 20_000,
    });
    bare.push(explained.statements[0]?.ms ?? Number.NaN);
  }
  await store.close();
  const row = (contestant: string, times: readonly number[]): Record<string, string> => ({
    contestant,
    'round trips': '1',
    'PostgreSQL ms, p50': median(times).toFixed(2),
    p95: percentile(times, 0.95).toFixed(2),
    'of bare': ratio(median(times.map((ms, n) => ms / (bare[n] ?? Number.NaN)))),
  });
  printTable(
    `(j) ${number(saves)} saves of a head and an item of 2 kB, among ${number(runs)} runs: planning and execution`,
    [row('UPDATE and INSERT in one statement', bare), row('commit of the store', ours)],
  );
}

async function newBareTable(pool: ReturnType<BenchDatabase['newPool']>, schema: string): Promise<string> {
  const table = `"${schema}".bare`;
  await pool.query(`CREATE TABLE ${table} (run_id text PRIMARY KEY, head text) WITH (fillfactor = 60)`);
  await pool.query(
    `CREATE TABLE ${table}_items (run_id text, position integer, items text, PRIMARY KEY (run_id, position))`,
  );
  await pool.query(`INSERT INTO ${table} SELECT run_id, head FROM "${schema}".runs`);
  await pool.query(`ANALYZE ${table}`);
  return table;
}
