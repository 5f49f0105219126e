import { once } from 'node:events';
import process from 'node:process';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { deleteRows, usePostgres } from '../../../test-support/postgres/postgres-database.ts';
import { SnapshotError } from '../../errors/snapshot-error.ts';
import { sampleChange } from '../../testing/conformance/sample-run.ts';
import { type PostgresStore, postgresStore } from '../postgres.ts';

const { newPool, newSchema } = usePostgres();
const database = newPool();

const schema = newSchema();
const opened: PostgresStore[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

/** An empty store. Emptying its tables is faster than creating others. */
async function newStore(): Promise<PostgresStore> {
  await deleteRows(database, schema);
  const store = postgresStore({ database, schema });
  opened.push(store);
  return store;
}

const hostile = [
  'a\u0000b',
  '\u0000',
  '\u0001',
  '\u0001AAA=',
  '\ud800',
  'a\udc00',
  '{"a"}',
  'a,b',
  '\\',
  "'; --",
  '%',
];
const longest = ['\ud800', '\u0000', '漢'].map((unit) => unit.repeat(512));

test.each([...hostile, ...longest])('an id with any characters works in all methods: %j', async (id) => {
  const store = await newStore();
  const head = { threadId: id, continues: id, title: id, inputText: id };
  const change = sampleChange({ runId: id, agent: id, owner: id, commitId: id, head, append: [{ id }] });
  await store.commit(change);
  await store.commit(change);
  const other = sampleChange({ runId: 'other', createdAt: 2_000, owner: id });
  await store.commit(other);
  expect(await store.load(id)).toEqual({ head: change.head, items: change.append });
  expect(await store.list({ owner: id })).toEqual([other.head, change.head]);
  expect(await store.list({ runId: id, agent: id, threadId: id })).toEqual([change.head]);
  expect(await store.list({ owner: id, after: 'other' })).toEqual([change.head]);
  expect(await store.listThreadRuns(id)).toMatchObject([{ runId: id, agent: id, owner: id, continues: id }]);
  expect(await store.listThreads({ owner: id, agent: id })).toMatchObject([
    { threadId: id, title: id.toWellFormed(), runs: 1 },
  ]);
  expect(await store.claim(id, id, 60_000)).toBe(true);
  expect(await store.renew(id, 60_000)).toEqual([id]);
  expect(await store.look([id])).toMatchObject([{ runId: id, commitId: id, claimed: true }]);
  await store.release(id, id);
  await store.post(id, id);
  expect(await store.receive(id)).toMatchObject([{ message: id }]);
  expect(await store.undriven([id])).toEqual([{ runId: id, agent: id }]);
  await store.rememberWebhook(id);
  expect(await store.takeWebhook(id)).toBe(true);
  expect(await store.takeWebhook(id)).toBe(false);
  await store.delete(id);
  expect(await store.load(id)).toBeUndefined();
});

test('messages are received by their ids, and ids that are not numbers do not match', async () => {
  const store = await newStore();
  await store.commit(sampleChange());
  await store.post('run-1', 1);
  const received = ['', '1; --', '99999999999999999999999', 'null', ' 1', '01'];
  await store.commit(sampleChange({ revision: 2, received }));
  expect(await store.receive('run-1')).toMatchObject([{ message: 1 }]);
});

test('a damaged head or item affects only its own run', async () => {
  const store = await newStore();
  for (const runId of ['run-1', 'run-2', 'run-3'])
    await store.commit(sampleChange({ runId, append: [{ runId }] }));
  await database.query(`UPDATE "${store.schema}".runs SET head = '{"runId":' WHERE run_id = 'run-1'`);
  await database.query(`UPDATE "${store.schema}".items SET items = 'damaged' WHERE run_id = 'run-2'`);
  for (const runId of ['run-1', 'run-2']) await expect(store.load(runId)).rejects.toThrow(SnapshotError);
  await expect(store.load('run-1')).rejects.toThrow('run-1');
  expect(await store.load('run-3')).toMatchObject({ items: [{ runId: 'run-3' }] });
  expect((await store.list()).map(({ runId, status, revision }) => [runId, status, revision])).toEqual(
    ['run-1', 'run-2', 'run-3'].map((runId) => [runId, 'in_progress', 1]),
  );
  await store.delete('run-1');
  expect(await store.load('run-1')).toBeUndefined();
});

test('items without a head do not count as a run', async () => {
  const store = await newStore();
  await store.commit(sampleChange({ append: [{ n: 1 }] }));
  await database.query(`DELETE FROM "${store.schema}".runs`);
  expect(await store.load('run-1')).toBeUndefined();
  expect(await store.loadRecent('run-1')).toBeUndefined();
});

test('a damaged message is reported once, and does not affect the others', async () => {
  const store = await newStore();
  await store.post('run-1', 'first');
  await database.query(`INSERT INTO "${store.schema}".inbox (run_id, message) VALUES ('run-1', '{')`);
  await store.post('run-1', 'last');
  const warned = once(process, 'warning');
  for (let times = 0; times < 2; times += 1)
    expect((await store.receive('run-1')).map(({ message }) => message)).toEqual(['first', null, 'last']);
  const [warning] = await warned;
  expect(warning).toMatchObject({ message: expect.stringContaining('1 of 3 messages for run run-1') });
});

const { BOOL, FLOAT8, INT4, INT8, TEXT } = pg.types.builtins;
const original = [BOOL, FLOAT8, INT4, INT8, TEXT].map(
  (type) => [type, pg.types.getTypeParser(type)] as const,
);
afterEach(() => {
  for (const [type, parser] of original) pg.types.setTypeParser(type, parser);
});

test("the application's own parsers of types do not affect the store", async () => {
  for (const [type] of original) pg.types.setTypeParser(type, () => 'changed');
  const store = postgresStore({
    database: newPool({ types: { getTypeParser: () => () => 'changed by the Pool' } }),
    schema: newSchema(),
  });
  const change = sampleChange({ owner: 'o', createdAt: 1.5, append: [{ n: 1 }], head: { threadId: 't' } });
  await store.commit(change);
  await store.commit(sampleChange({ owner: 'o', createdAt: 1.5, revision: 2, head: { threadId: 't' } }));
  await store.post('run-1', 1);
  expect(await store.claim('run-1', 'a', 60_000)).toBe(true);
  expect(await store.load('run-1')).toMatchObject({
    head: { revision: 2, createdAt: 1.5 },
    items: [{ n: 1 }],
  });
  expect(await store.look(['run-1'])).toMatchObject([{ revision: 2, claimed: true, posted: true }]);
  expect(await store.listThreadRuns('t')).toEqual([
    { runId: 'run-1', agent: 'agent-1', owner: 'o', status: 'in_progress', createdAt: 1.5 },
  ]);
  expect(await store.listThreads()).toMatchObject([{ runs: 1, updatedAt: 3.5 }]);
  await expect(store.commit(change)).rejects.toMatchObject({ code: 'conflict' });
});

test('a Pool that reads binary results works too', async () => {
  // The types of `pg` do not have this option.
  const options = { max: 4, binary: true };
  const store = postgresStore({ database: newPool(options), schema: newSchema() });
  await store.commit(sampleChange({ append: [{ text: 'é漢🏃' }] }));
  expect(await store.load('run-1')).toMatchObject({ head: { revision: 1 }, items: [{ text: 'é漢🏃' }] });
  await store.claim('run-1', 'a', 60_000);
  await store.post('run-1', 1);
  expect(await store.look(['run-1'])).toMatchObject([{ revision: 1, claimed: true, posted: true }]);
  expect(await store.listThreads()).toMatchObject([{ runs: 1 }]);
  expect(await store.loadRecent('run-1')).toMatchObject({ omitted: 0, items: [{ text: 'é漢🏃' }] });
});
