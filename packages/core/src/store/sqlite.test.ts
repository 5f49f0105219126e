import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Clock } from '../clock/clock.ts';
import { StoreError } from '../errors/store-error.ts';
import { sampleChange } from '../testing/conformance/sample-run.ts';
import { runStoreConformance } from '../testing/store-conformance.ts';
import { type SqliteStore, sqliteStore } from './sqlite.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-sqlite-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const opened = new Set<SqliteStore>();
/** With a manual clock, a store stays in this thread. With the machine's clock, it has its own thread. */
const places = [
  ['in this thread', (clock: Clock) => ({ clock }), []],
  ['in its own thread', () => ({}), ['expiry']],
] as const;

describe.each(places)('%s', (_place, options, omit) => {
  const cases = runStoreConformance({
    open: (name, clock) => {
      const store = sqliteStore({
        path: join(folder, `${name}.db`),
        synchronous: 'normal',
        ...options(clock),
      });
      opened.add(store);
      return store;
    },
    close: () => {
      for (const store of opened) store.close();
      opened.clear();
    },
    omit,
  });

  test.each(cases)('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

let files = 0;
function newPath(): string {
  files += 1;
  return join(folder, `own-${files}.db`);
}

test('a store that is opened later has the saved runs, messages and claims', async () => {
  const path = newPath();
  const change = sampleChange({ append: [{ n: 1 }] });
  {
    using store = sqliteStore({ path });
    await store.commit(change);
    await store.post('run-1', 'decision');
    await store.claim('run-1', 'a', 60_000);
  }
  using store = sqliteStore({ path });
  expect(await store.load('run-1')).toEqual({ head: change.head, items: change.append });
  expect(await store.receive('run-1')).toMatchObject([{ message: 'decision' }]);
  expect(await store.claim('run-1', 'b', 60_000)).toBe(false);
});

test('writes fail as `unavailable`, with the cause, while another connection writes, and succeed later', async () => {
  const path = newPath();
  using store = sqliteStore({ path, busyTimeoutMs: 0 });
  await store.commit(sampleChange({ append: [{ n: 1 }] }));
  await store.post('run-1', 1);
  using other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  const second = sampleChange({ revision: 2, append: [{ n: 2 }] });
  const calls = [
    () => store.commit(second),
    () => store.delete('run-2'),
    () => store.claim('run-1', 'a', 1_000),
    () => store.post('run-1', 2),
  ];
  for (const call of calls) {
    await expect(call()).rejects.toThrow(StoreError);
    await expect(call()).rejects.toMatchObject({ code: 'unavailable', cause: { errcode: 5 } });
  }
  expect((await store.load('run-1'))?.items, 'readers do not wait').toEqual([{ n: 1 }]);
  expect(await store.list()).toHaveLength(1);
  expect(await store.receive('run-1')).toHaveLength(1);
  other.exec('ROLLBACK');
  for (const call of calls) await call();
  expect((await store.load('run-1'))?.items).toEqual([{ n: 1 }, { n: 2 }]);
});

test('a save that fails midway changes nothing', async () => {
  const path = newPath();
  using store = sqliteStore({ path });
  await store.commit(sampleChange({ append: [{ n: 1 }] }));
  const before = await store.load('run-1');
  {
    using other = new DatabaseSync(path);
    other.exec(`CREATE TRIGGER fail BEFORE INSERT ON items BEGIN SELECT RAISE(ABORT, 'half-way'); END`);
  }
  const second = sampleChange({ revision: 2, append: [{ n: 2 }] });
  await expect(store.commit(second)).rejects.toThrow('half-way');
  expect(await store.load('run-1')).toEqual(before);
  {
    using other = new DatabaseSync(path);
    other.exec('DROP TRIGGER fail');
  }
  await store.commit(second);
  expect((await store.load('run-1'))?.items).toEqual([{ n: 1 }, { n: 2 }]);
});

test('a closed store rejects calls with advice, and closing it again does nothing', async () => {
  const store = sqliteStore({ path: newPath() });
  store.close();
  store.close();
  for (const call of [
    store.load('run-1'),
    store.list(),
    store.commit(sampleChange()),
    store.receive('run-1'),
  ]) {
    await expect(call).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('Close it after runner.close()'),
    });
  }
});

test('I7: a save writes no more bytes at revision 200 than at revision 2', async () => {
  const path = newPath();
  using store = sqliteStore({ path });
  using other = new DatabaseSync(path);
  const written: number[] = [];
  for (let revision = 1; revision <= 200; revision += 1) {
    other.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    await store.commit(
      sampleChange({ revision, head: { filler: 'h'.repeat(1_000) }, append: [{ text: 'i'.repeat(1_000) }] }),
    );
    written.push((await stat(`${path}-wal`)).size);
  }
  // A commit that splits a full page writes more. This happens in early and in late commits.
  expect(Math.max(...written.slice(100))).toBeLessThanOrEqual(Math.max(...written.slice(1, 10)));
  const total = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);
  expect(total(written.slice(100))).toBeLessThanOrEqual(total(written.slice(0, 100)));
});
