import type { Pool } from 'pg';
import { createWorker, queueRunner } from '@longhaul/core/queue';
import { postgresStore } from '@longhaul/core/store/postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { agent } from './bench-agent.ts';
import { memoryApi } from './memory-api.ts';

/** A run is parked for at least this long while it is not woken, in milliseconds. */
export const longMs = 3_600_000;

/** The number of runs that are parked for a long time. */
export async function parkedRuns(pool: Pool, schema: string): Promise<number> {
  const text = `SELECT count(*)::int AS count FROM "${schema}".runs WHERE wake_at > now() + interval '1 minute'`;
  return (await pool.query<{ count: number }>(text)).rows[0]?.count ?? 0;
}

export async function until(reached: () => Promise<boolean> | boolean, everyMs = 50): Promise<void> {
  while (!(await reached())) await sleep(everyMs);
}

/**
 * Fills a new schema with parked runs: a worker drives one run until it waits for its response. The others are copies
 * of its row, with ids of their own. Their owners are by turns those of `owners`.
 */
export async function fillWithWaitingRuns(
  pool: Pool,
  schema: string,
  count: number,
  owners: readonly string[] = ['owner'],
): Promise<void> {
  const store = postgresStore({ database: pool, schema });
  const front = queueRunner({ store, agents: [agent] });
  const options = { agents: [agent], store, mode: 'poll', polling: () => longMs } as const;
  const worker = createWorker({ ...options, client: memoryApi().client });
  await worker.start();
  const { id } = front.start(agent, 'Wait.', { owner: owners[0] ?? 'owner' });
  await until(async () => (await parkedRuns(pool, schema)) === 1);
  await worker.close();
  await front.close();
  await store.close();
  const client = await pool.connect();
  await client.query(`SET search_path TO "${schema}"`);
  const { rows } = await client.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = $1 AND table_name = 'runs'`,
    [schema],
  );
  const own: Readonly<Record<string, string>> = {
    run_id: `'run-' || n`,
    thread_id: `'run-' || n`,
    owner: `($3::text[])[n % ${owners.length} + 1]`,
    head: `replace(replace(head, $1, 'run-' || n), response_id, 'resp_' || n)`,
    response_id: `'resp_' || n`,
    created_at: 'created_at + n',
    wake_at: `now() + interval '1 hour' + n * interval '10 milliseconds'`,
  };
  const names = rows.map(({ name }) => name);
  // Filling a table and then creating its indices is faster.
  const indices = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE schemaname = $1 AND tablename = 'runs' AND indexname <> 'runs_pkey'`,
    [schema],
  );
  for (const { name } of indices.rows) await client.query(`DROP INDEX ${name}`);
  await client.query(
    `INSERT INTO runs (${names.join(', ')}) SELECT ${names.map((name) => own[name] ?? name).join(', ')}
     FROM runs, generate_series(1, $2::int) AS n WHERE run_id = $1`,
    [id, count, owners],
  );
  for (const { definition } of indices.rows) await client.query(definition);
  await client.query(`INSERT INTO responses SELECT run_id, response_id FROM runs WHERE run_id <> $1`, [id]);
  await client.query('DELETE FROM runs WHERE run_id = $1', [id]);
  await client.query('ANALYZE runs, responses');
  client.release();
}
