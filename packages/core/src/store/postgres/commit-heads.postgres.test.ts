import { afterAll, expect, test } from 'vitest';
import { countingPool } from '../../../test-support/postgres/counting-pool.ts';
import { usePostgres } from '../../../test-support/postgres/postgres-database.ts';
import { sampleChange, type SampleChange } from '../../testing/conformance/sample-run.ts';
import { postgresStore } from '../postgres.ts';
import type { RunCommit } from '../run-store.ts';
import { wakeStoreOf } from './wake-store.ts';

const { newPool, newSchema } = usePostgres();
const database = countingPool(newPool());
const store = postgresStore({ database, directDatabase: newPool(), schema: newSchema() });
afterAll(() => store.close());

const waiting = (responseId: string) => ({
  type: 'waiting',
  pending: { responseId, status: 'queued', since: 1 },
});

async function commitAll(changes: readonly RunCommit[]): Promise<readonly string[]> {
  const wakes = wakeStoreOf(store);
  if (wakes === undefined) throw new Error('The store has no queue.');
  const results = await wakes.commitAll(changes);
  return results.map((one) => (one.status === 'fulfilled' ? 'saved' : String(one.reason.code)));
}

async function newRuns(count: number, sample: SampleChange = {}): Promise<string[]> {
  const runIds = Array.from({ length: count }, () => crypto.randomUUID());
  for (const runId of runIds) await store.commit(sampleChange({ ...sample, runId, append: [{ n: 1 }] }));
  return runIds;
}

test('the heads of many runs are saved in one statement, as single commits save them', async () => {
  const runIds = await newRuns(30, { owner: 'owner-1' });
  const changes = runIds.map((runId, n) =>
    sampleChange({
      ...{ runId, revision: 2, owner: n % 2 === 0 ? 'owner-2' : 'owner-1', status: 'queued' },
      head: { iteration: n, phase: waiting(`resp-${runId}`), text: `"\\ ${n} \u0000 {ü},NULL` },
    }),
  );
  database.count = 0;
  expect(new Set(await commitAll(changes))).toEqual(new Set(['saved']));
  expect(database.count).toBe(1);
  for (const [n, { head, runId }] of changes.entries()) {
    const loaded = await store.load(runId);
    expect(loaded).toEqual({ head, items: [{ n: 1 }] });
    expect(await store.findByResponse(`resp-${runId}`)).toBe(runId);
    const owner = n % 2 === 0 ? 'owner-2' : 'owner-1';
    expect(await store.list({ runId, owner })).toHaveLength(1);
  }
});

test('a run that another process has saved has a conflict, and the others are saved', async () => {
  const runIds = await newRuns(4);
  const [first = '', second = '', third = '', fourth = ''] = runIds;
  const again = sampleChange({ runId: second, revision: 2 });
  await store.commit(sampleChange({ runId: first, revision: 2, commitId: 'other' }));
  await store.commit(again);
  await store.delete(fourth);
  const changes = [first, second, third, fourth].map((runId) => sampleChange({ runId, revision: 2 }));
  // The second commit was saved before, and its answer was lost.
  expect(await commitAll(changes)).toEqual(['conflict', 'saved', 'saved', 'conflict']);
  expect((await store.load(first))?.head.commitId).toBe('other');
  expect((await store.load(third))?.head.revision).toBe(2);
});

test('commits with items, messages or an end are saved among others', async () => {
  const [plain = '', items = '', over = '', told = ''] = await newRuns(4);
  await store.post(told, { type: 'hint' });
  const [message] = await store.receive(told);
  const changes = [
    sampleChange({ runId: plain, revision: 2 }),
    sampleChange({ runId: items, revision: 2, append: [{ n: 2 }] }),
    sampleChange({ runId: over, revision: 2, status: 'completed' }),
    sampleChange({ runId: told, revision: 2, received: [message?.id ?? ''] }),
    sampleChange({ runId: crypto.randomUUID() }),
  ];
  expect(new Set(await commitAll(changes))).toEqual(new Set(['saved']));
  expect((await store.load(items))?.items).toEqual([{ n: 1 }, { n: 2 }]);
  expect(await store.receive(told)).toEqual([]);
  expect((await store.load(over))?.head.status).toBe('completed');
});

test('two commits of one run in a batch do not both succeed', async () => {
  const [runId = '', other = ''] = await newRuns(2);
  const results = await commitAll([
    sampleChange({ runId, revision: 2, commitId: 'a' }),
    sampleChange({ runId: other, revision: 2 }),
    sampleChange({ runId, revision: 2, commitId: 'b' }),
  ]);
  expect(results.toSorted()).toEqual(['conflict', 'saved', 'saved']);
});

test('webhooks of many responses are taken in one statement', async () => {
  const wakes = wakeStoreOf(store);
  await store.rememberWebhook('resp-a');
  await store.rememberWebhook('resp-b\u0000');
  database.count = 0;
  const asked = ['resp-a', 'resp-b\u0000', 'resp-c'];
  expect([...((await wakes?.takeWebhooks(asked)) ?? [])].toSorted()).toEqual(['resp-a', 'resp-b\u0000']);
  expect(database.count).toBe(1);
  expect(await store.takeWebhook('resp-a')).toBe(false);
});
