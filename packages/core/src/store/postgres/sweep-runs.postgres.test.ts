import { afterAll, expect, test } from 'vitest';
import { usePostgres } from '../../../test-support/postgres/postgres-database.ts';
import { sampleChange } from '../../testing/conformance/sample-run.ts';
import { postgresStore } from '../postgres.ts';
import type { SendWakes } from '../wake-store.ts';
import { wakeStoreOf } from './wake-store.ts';

const { newPool, newSchema } = usePostgres();
const pool = newPool();
const schema = newSchema();
const store = postgresStore({ database: pool, schema });
afterAll(() => store.close());

test('a message that comes when the run has just ended does not stay in the inbox', async () => {
  const wakes = wakeStoreOf(store);
  if (wakes === undefined) throw new Error('The store has no queue.');
  const sent: string[] = [];
  const send: SendWakes = async (_database, all) => void sent.push(...all.map(({ key }) => key));
  await wakes.start(sampleChange({ runId: 'over' }), 0, send);
  await wakes.start(sampleChange({ runId: 'active' }), 0, send);
  await store.commit(sampleChange({ runId: 'over', revision: 2, status: 'completed' }));
  await wakes.post('over', { type: 'late' }, send);
  await wakes.post('active', { type: 'early' }, send);
  await pool.query(`CREATE TABLE "${schema}".job (name text, singleton_key text, state text, policy text)`);
  sent.length = 0;
  await wakes.sweep({ table: `"${schema}".job`, queue: 'longhaul' }, send);
  expect(sent).toEqual(['active']);
  expect(await store.receive('over')).toEqual([]);
  expect(await store.receive('active')).toMatchObject([{ message: { type: 'early' } }]);
});
