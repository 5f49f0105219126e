import { expect, test } from 'vitest';
import { usePostgres } from '../../../test-support/postgres/postgres-database.ts';
import { sampleChange, type SampleChange } from '../../testing/conformance/sample-run.ts';
import { postgresStore } from '../postgres.ts';
import { commitRun } from './commit-run.ts';
import { type Connection, inTransaction } from './connection.ts';
import type { PostgresValue } from './pool.ts';
import { connectionOf } from './store-connection.ts';

const { newPool, newSchema } = usePostgres();
const database = newPool();

async function opened() {
  const store = postgresStore({ database, schema: newSchema() });
  const connection = connectionOf(store);
  if (connection === undefined) throw new Error('The store has no connection.');
  await store.commit(sampleChange({ owner: 'owner-1' }));
  return { store, connection };
}

/** How many rows of runs a save has updated, and how many of these updates wrote no index. */
async function updatesBy(
  { schema }: Connection,
  change: SampleChange,
): Promise<readonly [all: number, hot: number]> {
  return inTransaction(database, async (query) => {
    const querying = {
      schema,
      query: (_: string, text: string, values?: PostgresValue[]) => query(text, values),
    };
    const table = `'${schema}.runs'::regclass`;
    const counts = async (): Promise<readonly [number, number]> => {
      const [row] = await query(
        `SELECT pg_stat_get_xact_tuples_updated(${table})::text AS updated,
           pg_stat_get_xact_tuples_hot_updated(${table})::text AS hot`,
      );
      return [Number(row?.['updated']), Number(row?.['hot'])];
    };
    const before = await counts();
    await commitRun(querying, sampleChange({ owner: 'owner-1', ...change }));
    const after = await counts();
    return [after[0] - before[0], after[1] - before[1]];
  });
}

const waiting = (responseId: string): object => ({ phase: { type: 'waiting', pending: { responseId } } });

test('the saves of an iteration write no index of the runs', async () => {
  const { connection } = await opened();
  const saves: SampleChange[] = [
    { status: 'queued', head: { iteration: 1 } },
    { status: 'queued', head: { ...waiting('resp-1'), iteration: 1 } },
    { status: 'in_progress', head: { ...waiting('resp-1'), iteration: 1 } },
    { status: 'running_tools', head: { iteration: 1 }, append: [{ n: 1 }] },
    { status: 'running_tools', head: { iteration: 1 }, append: [{ n: 2 }] },
    { status: 'cancelling', head: { iteration: 1 } },
  ];
  for (const [index, save] of saves.entries())
    expect(await updatesBy(connection, { ...save, revision: index + 2 }), JSON.stringify(save)).toEqual([
      1, 1,
    ]);
  // The end of a run moves it to another place in the lists.
  expect(await updatesBy(connection, { status: 'completed', revision: saves.length + 2 })).toEqual([1, 0]);
});

test('a commit is one statement, and a conflict needs a second one', async () => {
  const { connection } = await opened();
  const texts: string[] = [];
  const counting: Pick<Connection, 'query' | 'schema'> = {
    schema: connection.schema,
    query: (action, text, values) => {
      texts.push(text);
      return connection.query(action, text, values);
    },
  };
  const save = sampleChange({
    revision: 2,
    append: [{ n: 1 }],
    received: ['1'],
    head: JSON.parse(JSON.stringify(waiting('r'))),
  });
  await commitRun(counting, save);
  await commitRun(counting, sampleChange({ runId: 'run-2', append: [{ n: 1 }] }));
  expect(texts).toHaveLength(2);
  await commitRun(counting, save);
  expect(texts).toHaveLength(4);
  await expect(commitRun(counting, sampleChange({ revision: 9 }))).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(texts).toHaveLength(6);
});

test('items without a run do not remain after a delete and saves at the same time', async () => {
  const { store } = await opened();
  for (let round = 0; round < 20; round += 1) {
    const runId = `run-${round}`;
    await store.commit(sampleChange({ runId, append: [{ n: 1 }] }));
    const saves = [2, 3, 4].map((revision) =>
      store.commit(sampleChange({ runId, revision, append: [{ revision }] })),
    );
    await Promise.allSettled([...saves, store.delete(runId)]);
  }
  const { rows } = await database.query(
    `SELECT run_id FROM "${store.schema}".items WHERE run_id NOT IN (SELECT run_id FROM "${store.schema}".runs)`,
  );
  expect(rows).toEqual([]);
});

test('findByResponse returns the run that waits for the response now', async () => {
  const { store } = await opened();
  const save = (revision: number, sample: SampleChange): Promise<void> =>
    store.commit(sampleChange({ owner: 'owner-1', revision, ...sample }));
  const phase = (responseId: string): SampleChange => ({
    head: JSON.parse(JSON.stringify(waiting(responseId))),
  });
  await save(2, phase('resp-1'));
  expect(await store.findByResponse('resp-1')).toBe('run-1');
  await save(3, phase('resp-2'));
  expect(await store.findByResponse('resp-1')).toBeUndefined();
  expect(await store.findByResponse('resp-2')).toBe('run-1');
  await save(4, {});
  expect(await store.findByResponse('resp-2')).toBeUndefined();
  await save(5, phase('resp-2'));
  expect(await store.findByResponse('resp-2')).toBe('run-1');
  await save(6, phase('x'.repeat(5_000)));
  expect(await store.load('run-1')).toMatchObject({ head: { revision: 6 } });
  await save(7, { status: 'completed' });
  const { rows } = await database.query(`SELECT * FROM "${store.schema}".responses`);
  expect(rows).toEqual([]);
});

test('webhooks of unknown responses are remembered for 72 hours, and old ones are deleted', async () => {
  const { store } = await opened();
  const table = `"${store.schema}".webhooks`;
  for (const id of ['resp-1', 'resp-2', 'resp-2']) await store.rememberWebhook(id);
  await database.query(
    `UPDATE ${table} SET received_at = now() - interval '73 hours' WHERE response_id = 'resp-1'`,
  );
  expect(await store.takeWebhook('resp-1')).toBe(false);
  expect(await store.takeWebhook('resp-2')).toBe(true);
  expect(await store.takeWebhook('resp-2')).toBe(false);
  await database.query(
    `INSERT INTO ${table} SELECT 'old-' || n, now() - interval '80 hours' FROM generate_series(1, 150) AS n`,
  );
  for (const id of ['resp-3', 'resp-4']) await store.rememberWebhook(id);
  const { rows } = await database.query(`SELECT count(*)::int AS n FROM ${table}`);
  expect(rows).toEqual([{ n: 2 }]);
});
