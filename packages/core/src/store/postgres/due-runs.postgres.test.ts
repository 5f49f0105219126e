import { expect, onTestFinished, test } from 'vitest';
import { explainedPool } from '../../../test-support/postgres/explained-pool.ts';
import { usePostgres } from '../../../test-support/postgres/postgres-database.ts';
import { sampleChange } from '../../testing/conformance/sample-run.ts';
import { postgresStore } from '../postgres.ts';
import type { SendWakes, Wake } from '../wake-store.ts';
import { wakeStoreOf } from './wake-store.ts';

const { newPool, newSchema } = usePostgres();

test('thousands of runs that become due together are moved without reading all of them for each run', async () => {
  const schema = newSchema();
  const pool = newPool();
  const explained = explainedPool(pool);
  const store = postgresStore({ database: explained, directDatabase: pool, schema });
  onTestFinished(() => store.close());
  const wakes = wakeStoreOf(store);
  if (wakes === undefined) return expect.fail('The store has no queue.');
  await store.commit(sampleChange({ runId: 'first', owner: 'a' }));
  await pool.query(
    `CREATE TABLE "${schema}".job (name text, state text, blocked boolean, start_after timestamptz)`,
  );
  // The statistics say that no run is due.
  await pool.query(`ALTER TABLE "${schema}".runs SET (autovacuum_enabled = off)`);
  await pool.query(
    `INSERT INTO "${schema}".runs (run_id, agent, owner, thread_id, is_retry, status, status_group, created_at,
       updated_at, revision, commit_id, iteration, item_count, queued, wake_at, head)
     SELECT 'run-' || n, agent, 'owner-' || n % 3, 'run-' || n, is_retry, status, status_group, n, n, 1, commit_id, 0, 0,
       true, now() + interval '1 hour', head FROM "${schema}".runs, generate_series(1, 5000) AS n`,
  );
  await pool.query(`ANALYZE "${schema}".runs`);
  await pool.query(`UPDATE "${schema}".runs SET wake_at = now() WHERE queued`);
  const sent: Wake[] = [];
  const send: SendWakes = async (_database, all) => void sent.push(...all);
  explained.statements.length = 0;
  const { moved } = await wakes.moveDue({ table: `"${schema}".job`, queue: 'longhaul' }, 300, send);
  expect(moved).toBe(300);
  expect(new Set(sent.map(({ key }) => key)).size).toBe(300);
  expect(new Set(sent.map(({ turn }) => turn))).toEqual(
    new Set(Array.from({ length: 100 }, (_, n) => n + 1)),
  );
  expect(explained.statements.length).toBeGreaterThan(0);
  for (const { text, loops } of explained.statements) expect(loops, text).toBeLessThan(10);
});
