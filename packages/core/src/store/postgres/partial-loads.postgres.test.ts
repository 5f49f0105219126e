import { expect, test } from 'vitest';
import { usePostgres } from '../../../test-support/postgres/postgres-database.ts';
import { sampleChange } from '../../testing/conformance/sample-run.ts';
import type { RunCommit } from '../run-store.ts';
import { type PostgresStore, postgresStore } from '../postgres.ts';

const { newPool, newSchema } = usePostgres();
const database = newPool();

/** A commit of an iteration that appends two items. */
function change(revision: number, iteration: number, items = 2): RunCommit {
  const append = Array.from({ length: items }, (_, n) => ({ iteration, n, revision }));
  return sampleChange({ revision, head: { iteration }, append });
}

/** A store with a run of these iterations, in the order of its commits. */
async function storeOf(iterations: readonly number[]): Promise<PostgresStore> {
  const store = postgresStore({ database, schema: newSchema() });
  for (const [index, iteration] of iterations.entries()) await store.commit(change(index + 1, iteration));
  return store;
}

async function recentOf(store: PostgresStore) {
  const recent = await store.loadRecent('run-1');
  if (recent === undefined) throw new Error('The run is not stored.');
  return recent;
}

test.each([
  [[0], 0],
  [[0, 0, 1], 0],
  [[0, 0, 1, 1, 2], 4],
  [[0, 1, 2, 3, 3, 3], 4],
  [[0, 5], 2],
  // An iteration that falls, as after an import.
  [[0, 1, 4, 1, 4], 8],
])('loads the items of the last two iterations, and the others later: %j', async (iterations, omitted) => {
  const store = await storeOf(iterations);
  const whole = await store.load('run-1');
  const recent = await recentOf(store);
  expect(recent.omitted).toBe(omitted);
  expect(recent.head).toEqual(whole?.head);
  const earlier = await store.loadEarlier(recent);
  expect([...(earlier ?? []), ...recent.items]).toEqual(whole?.items);
});

test('the sum is the run of the first load, although it is saved in between', async () => {
  const store = await storeOf([0, 1, 2, 3]);
  const whole = await store.load('run-1');
  const recent = await recentOf(store);
  for (const [revision, iteration] of [
    [5, 3],
    [6, 4],
    [7, 5],
  ] as const)
    await store.commit(change(revision, iteration));
  const earlier = await store.loadEarlier(recent);
  expect([...(earlier ?? []), ...recent.items]).toEqual(whole?.items);
});

test('a run without new items in its last iterations has no recent items', async () => {
  const store = await storeOf([0, 1]);
  await store.commit(change(3, 9, 0));
  const recent = await recentOf(store);
  expect(recent).toMatchObject({ omitted: 4, items: [] });
  expect(await store.loadEarlier(recent)).toHaveLength(4);
});

test('a run that was deleted in between has no earlier items, even if its id is used again', async () => {
  const store = await storeOf([0, 1, 2, 3]);
  const recent = await recentOf(store);
  await store.delete('run-1');
  expect(await store.loadEarlier(recent)).toBeUndefined();
  await store.commit({ ...change(1, 0, 4), head: { ...change(1, 0).head, createdAt: 5_000 } });
  expect(await store.loadEarlier(recent)).toBeUndefined();
  expect(await store.loadRecent('unknown')).toBeUndefined();
});

test('a commit counts the items of an import and of later commits', async () => {
  const store = postgresStore({ database, schema: newSchema() });
  await store.commit({ ...change(7, 3, 5), import: true });
  await store.commit(change(8, 5, 1));
  expect(await recentOf(store)).toMatchObject({ omitted: 5, items: [{ iteration: 5 }] });
});
