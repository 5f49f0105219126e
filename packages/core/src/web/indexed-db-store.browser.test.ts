/// <reference types="@vitest/browser-playwright" />
import { deleteDB, openDB } from 'idb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import { SnapshotError } from '../errors/snapshot-error.ts';
import { StoreError } from '../errors/store-error.ts';
import { sampleChange } from '../testing/conformance/sample-run.ts';
import { manualClock } from '../testing/manual-clock.ts';
import { runStoreConformance } from '../testing/store-conformance.ts';
import { databaseStore } from './database-store.ts';
import { type IndexedDbStore, indexedDbStore } from './indexed-db-store.ts';
import { untilTestEnds } from '../../test-support/patience.ts';

const opened = new Map<IndexedDbStore, string>();

function open(name: string = `test-${crypto.randomUUID()}`): { name: string; store: IndexedDbStore } {
  const store = indexedDbStore({ name });
  opened.set(store, name);
  return { name, store };
}

afterEach(async () => {
  for (const [store, name] of opened) {
    store.close();
    await deleteDB(name);
  }
  opened.clear();
});

describe('indexedDbStore', () => {
  const cases = runStoreConformance({ open: (name) => open(name).store, omit: ['expiry'] });
  test.each(cases)('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

describe('databaseStore, whose claims are used without Web Locks', () => {
  const cases = runStoreConformance({ open: databaseStore, omit: ['watch'] });
  test.each(cases)('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

test('lists more runs than one read returns, with and without `limit`, `status` and `after`', async () => {
  const { store } = open();
  const ids = Array.from({ length: 450 }, (_, n) => `run-${n}`);
  await Promise.all(
    ids.map((runId, n) =>
      store.commit(sampleChange({ runId, createdAt: n, status: n % 150 === 0 ? 'queued' : 'completed' })),
    ),
  );
  const listed = async (...args: Parameters<typeof store.list>): Promise<string[]> =>
    (await store.list(...args)).map((head) => head.runId);
  expect(await listed()).toEqual(ids.toReversed());
  expect(await listed({ limit: 201 })).toEqual(ids.toReversed().slice(0, 201));
  expect(await listed({ status: 'queued' })).toEqual(['run-300', 'run-150', 'run-0']);
  expect(await listed({ status: 'queued', after: 'run-299', limit: 1 })).toEqual(['run-150']);
});

test('a save that fails midway changes nothing', async () => {
  const { store } = open();
  await store.commit(sampleChange({ append: [{ n: 1 }] }));
  const before = await store.load('run-1');
  const bad = sampleChange({ revision: 2, append: [{ n: 2 }] });
  // IndexedDB cannot clone a function. It detects the function after it has written the head.
  Object.assign(bad.append[0] ?? {}, { execute: () => undefined });
  await expect(store.commit(bad)).rejects.toThrow('could not be cloned');
  expect(await store.load('run-1')).toEqual(before);
  await store.commit(sampleChange({ revision: 2, append: [{ n: 2 }] }));
  expect((await store.load('run-1'))?.items).toEqual([{ n: 1 }, { n: 2 }]);
});

test('a save that exceeds the quota is `unavailable`, changes nothing, and succeeds with more space', async () => {
  const origin = { origin: location.origin };
  // While a database is open, the browser rarely checks how much space is available.
  await cdp().send('Storage.clearDataForOrigin', { ...origin, storageTypes: 'indexeddb' });
  await cdp().send('Storage.overrideQuotaForOrigin', { ...origin, quotaSize: 2_000_000 });
  const { store } = open();
  const first = sampleChange();
  const large = sampleChange({ revision: 2, append: [{ text: 'x'.repeat(10_000_000) }] });
  try {
    await store.commit(first);
    const failure: unknown = await store.commit(large).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StoreError);
    expect(failure).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('is used up; delete finished runs'),
      cause: { name: 'QuotaExceededError' },
    });
    expect(await store.load('run-1')).toEqual({ head: first.head, items: [] });
  } finally {
    await cdp().send('Storage.overrideQuotaForOrigin', origin);
  }
  await store.commit(large);
  expect((await store.load('run-1'))?.items).toEqual(large.append);
});

test('reopens a connection that the browser dropped', async () => {
  const { store } = open();
  await store.commit(sampleChange());
  await cdp().send('Storage.clearDataForOrigin', { origin: location.origin, storageTypes: 'indexeddb' });
  // Until the page receives the event, calls may fail as `unavailable`.
  await vi.waitFor(async () => expect(await store.load('run-1')).toBeUndefined(), {
    timeout: untilTestEnds,
  });
  await store.commit(sampleChange());
  expect(await store.list()).toHaveLength(1);
});

test('reopens a connection that ended without an event', async () => {
  const { store } = open();
  const change = sampleChange();
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
  await store.commit(change);
  for (const database of transaction.mock.contexts) if (database instanceof IDBDatabase) database.close();
  transaction.mockRestore();
  expect(await store.load('run-1')).toEqual({ head: change.head, items: [] });
});

test('a newer version of the page can change the schema of an open store, which then advises a reload', async () => {
  const { name, store } = open();
  await store.commit(sampleChange());
  const newer = await openDB(name, 4);
  const failure: unknown = await store.load('run-1').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(SnapshotError);
  expect(failure).toMatchObject({ code: 'newer_snapshot', message: expect.stringContaining('Reload') });
  newer.close();
});

test('a closed store rejects calls with advice', async () => {
  const { store } = open();
  await store.commit(sampleChange());
  store.close();
  await expect(store.load('run-1')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('Close it after runner.close()'),
  });
});

test('I7: a save writes no more at revision 200 than at revision 2', async () => {
  const { store } = open();
  const { add, put } = IDBObjectStore.prototype;
  let written = 0;
  const counting = (original: typeof put) =>
    function count(this: IDBObjectStore, value: unknown, key?: IDBValidKey): IDBRequest<IDBValidKey> {
      written += JSON.stringify(value).length;
      return original.call(this, value, key);
    };
  IDBObjectStore.prototype.put = counting(put);
  IDBObjectStore.prototype.add = counting(add);
  try {
    const sizes: number[] = [];
    // All numbers have the same length, except `revision`, whose length is subtracted.
    for (let revision = 1; revision <= 200; revision += 1) {
      written = 0;
      const commitId = `commit-${1_000 + revision}`;
      const created = sampleChange({
        revision,
        commitId,
        createdAt: 100_000,
        append: [{ text: 'i'.repeat(1_000) }],
      });
      await store.commit(created);
      sizes.push(written - 3 * String(revision).length);
    }
    expect(sizes[1]).toBeGreaterThan(1_000);
    expect(sizes[199]).toBeLessThanOrEqual(sizes[1] ?? 0);
  } finally {
    Object.assign(IDBObjectStore.prototype, { add, put });
  }
});

test('upgrades a database of schema version 1, and finds its runs by their status', async () => {
  const name = `test-${crypto.randomUUID()}`;
  const before = await openDB(name, 1, {
    upgrade: (created) => {
      created
        .createObjectStore('runs', { keyPath: 'head.runId' })
        .createIndex('byAge', ['age', 'head.runId']);
      created.createObjectStore('items', { keyPath: ['runId', 'revision'] });
      created.createObjectStore('claims', { keyPath: 'runId' });
      created.createObjectStore('inbox', { autoIncrement: true }).createIndex('byRun', 'runId');
    },
  });
  const { head } = sampleChange();
  const over = sampleChange({ runId: 'over', status: 'completed' });
  await before.put('runs', { age: -head.createdAt, head });
  await before.put('runs', { age: -over.head.createdAt, head: over.head });
  before.close();
  const { store } = open(name);
  expect(await store.undriven(['agent-1'])).toEqual([{ runId: 'run-1', agent: 'agent-1' }]);
  expect(await store.list({ owner: 'ann' })).toEqual([]);
  await store.commit(sampleChange({ revision: 2, owner: 'ann', status: 'completed' }));
  expect(await store.undriven(['agent-1'])).toEqual([]);
  expect(await store.list({ owner: 'ann' })).toMatchObject([{ runId: 'run-1', owner: 'ann' }]);
});

test('upgrades a database of schema version 2, whose runs are then conversations of their own', async () => {
  const name = `test-${crypto.randomUUID()}`;
  const before = await openDB(name, 2, {
    upgrade: (created) => {
      const runs = created.createObjectStore('runs', { keyPath: 'head.runId' });
      runs.createIndex('byAge', ['age', 'head.runId']);
      runs.createIndex('byStatus', 'head.status');
      created.createObjectStore('items', { keyPath: ['runId', 'revision'] });
      created.createObjectStore('claims', { keyPath: 'runId' });
      created.createObjectStore('inbox', { autoIncrement: true }).createIndex('byRun', 'runId');
    },
  });
  const changes = [sampleChange(), sampleChange({ runId: 'run-2', createdAt: 2_000, owner: 'ann' })];
  for (const { head } of changes) await before.put('runs', { age: -head.createdAt, head });
  // A damaged record does not prevent the upgrade.
  await before.put('runs', { age: 0, head: { runId: 'damaged' } });
  before.close();
  const { store } = open(name);
  const [one, two] = [
    { runId: 'run-1', agent: 'agent-1', status: 'in_progress', createdAt: 1_000 },
    { runId: 'run-2', agent: 'agent-1', owner: 'ann', status: 'in_progress', createdAt: 2_000 },
  ];
  expect(await store.listThreadRuns('run-1')).toEqual([one]);
  expect(await store.listThreadRuns('run-2')).toEqual([two]);
  expect(await store.listThreadRuns('damaged')).toEqual([]);
  expect((await store.listThreads({ agent: 'agent-1' })).map(({ threadId }) => threadId)).toEqual([
    'run-2',
    'run-1',
  ]);
  const place = { threadId: 'run-1', continues: 'run-1', inputText: 'More' };
  await store.commit(sampleChange({ runId: 'run-3', createdAt: 3_000, head: place }));
  expect((await store.listThreadRuns('run-1')).map(({ runId }) => runId)).toEqual(['run-1', 'run-3']);
});

test('the runs of a conversation are read without their records', async () => {
  const { store } = open();
  const place = { threadId: 'trip', inputText: 'Rome' };
  for (const runId of ['a', 'b', 'c']) await store.commit(sampleChange({ runId, head: place }));
  const reads = [
    ...[vi.spyOn(IDBIndex.prototype, 'get'), vi.spyOn(IDBIndex.prototype, 'getAll')],
    ...[vi.spyOn(IDBObjectStore.prototype, 'get'), vi.spyOn(IDBObjectStore.prototype, 'getAll')],
    ...[vi.spyOn(IDBIndex.prototype, 'openCursor'), vi.spyOn(IDBObjectStore.prototype, 'openCursor')],
  ];
  expect(await store.listThreadRuns('trip')).toHaveLength(3);
  for (const read of reads) {
    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
  }
});

test('lists conversations from more runs than one read returns', async () => {
  const { store } = open();
  await Promise.all(
    Array.from({ length: 450 }, (_, n) => {
      const head = { threadId: `thread-${n % 90}`, inputText: `Question ${n}` };
      return store.commit(sampleChange({ runId: `run-${n}`, createdAt: n, head }));
    }),
  );
  const threads = await store.listThreads();
  expect(threads).toHaveLength(90);
  expect(threads[0]).toMatchObject({ threadId: 'thread-89', title: 'Question 89', runs: 5 });
  expect(await store.listThreads({ after: 'thread-89', limit: 1 })).toEqual(threads.slice(1, 2));
});

test('takes the claim of a tab with the previous version 15 s after the expiry of the claim last changed', async () => {
  const name = `test-${crypto.randomUUID()}`;
  const clock = manualClock(1_770_000_000_000);
  const store = databaseStore(name, clock);
  await store.list();
  const before = await openDB(name);
  const claim = (until: number) => before.put('claims', { runId: 'run-1', owner: 'before', until });
  // The clock of that tab is an hour behind, and then an hour ahead.
  for (const offset of [-3_600_000, 3_600_000]) {
    await claim(clock.now() + offset);
    expect(await store.claim('run-1', 'a', 15_000)).toBe(false);
    await clock.advance(14_999);
    expect(await store.claim('run-1', 'a', 15_000)).toBe(false);
  }
  await clock.advance(1);
  expect(await store.claim('run-1', 'a', 15_000)).toBe(true);
  before.close();
  store.close();
  await deleteDB(name);
});
