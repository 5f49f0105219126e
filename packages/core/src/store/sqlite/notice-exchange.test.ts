import { chmod, mkdir, mkdtemp, open, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleChange } from '../../testing/conformance/sample-run.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import type { RunNotice } from '../run-store.ts';
import { type SqliteStore, sqliteStore } from '../sqlite.ts';

let folder = '';
let path = '';
let livePath = '';
const opened = new Set<SqliteStore>();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-exchange-'));
  path = join(folder, 'runs.db');
  livePath = `${path}-live`;
});
afterEach(async () => {
  for (const store of opened) store.close();
  opened.clear();
  await rm(folder, { recursive: true, force: true });
});

const places = [
  ['in this thread', () => ({ clock: manualClock() })],
  ['in its own thread', () => ({})],
] as const;

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await sleep(10);
}

function collect(store: SqliteStore): RunNotice[] {
  const notices: RunNotice[] = [];
  store.watch((notice) => notices.push(notice));
  return notices;
}

function live(runId: string, message: number): RunNotice {
  return { type: 'live', runId, message };
}

/** Reads the live file with another connection. */
function rows(sql: string): unknown[] {
  using database = new DatabaseSync(livePath);
  return database.prepare(sql).all();
}

describe.each(places)('a store %s', (_place, options) => {
  function openStore(): SqliteStore {
    const store = sqliteStore({ path, synchronous: 'normal', ...options() });
    opened.add(store);
    return store;
  }

  test('creates no live file before a store watches', async () => {
    const store = openStore();
    store.publish('run-1', 1);
    await store.commit(sampleChange());
    expect(existsSync(livePath)).toBe(false);
    collect(store);
    expect(existsSync(livePath)).toBe(true);
  });

  test('writes no notice while no other store watches, and none after the other one has ended', async () => {
    const [store, other] = [openStore(), openStore()];
    const notices = collect(store);
    store.publish('run-1', 1);
    await store.list();
    const end = other.watch(() => undefined);
    end();
    await other.list();
    store.publish('run-1', 2);
    await store.list();
    expect(rows('SELECT * FROM notices')).toEqual([]);
    expect(rows('SELECT count(*) AS n FROM watchers')).toEqual([{ n: 1 }]);
    expect(notices).toEqual([live('run-1', 1), live('run-1', 2)]);
  });

  test('receives what another store publishes after its `watch` has returned, once and in order', async () => {
    const [store, other] = [openStore(), openStore()];
    await other.list();
    const notices = collect(store);
    for (let message = 1; message <= 100; message += 1) other.publish('run-1', message);
    await other.list();
    other.publish('run-1', 101);
    await until(() => notices.length >= 101);
    expect(notices).toEqual(Array.from({ length: 101 }, (_, index) => live('run-1', index + 1)));
  });

  test('`watch` fails as `unavailable` if the live file cannot be opened, and succeeds later', async () => {
    const store = openStore();
    await mkdir(livePath);
    expect(() => store.watch(() => undefined)).toThrow(
      expect.objectContaining({
        code: 'unavailable',
        message: expect.stringContaining('could not receive notices'),
      }),
    );
    await store.commit(sampleChange());
    await rmdir(livePath);
    const notices = collect(store);
    const other = openStore();
    other.publish('run-1', 1);
    await until(() => notices.length > 0);
  });

  test('warns about a live file that fails, and exchanges notices again when it was replaced', async () => {
    const [store, other] = [openStore(), openStore()];
    const notices = collect(store);
    let warning: unknown;
    const warned = once(process, 'warning').then((values) => {
      [warning] = values;
    });
    {
      using database = new DatabaseSync(livePath);
      database.exec('DROP TABLE notices');
    }
    await until(() => {
      other.publish('run-1', 0);
      return warning !== undefined;
    });
    await warned;
    expect(warning).toMatchObject({
      name: 'LonghaulWarning',
      message: expect.stringContaining('cannot exchange notices'),
    });
    for (const suffix of ['', '-wal', '-shm']) await rm(`${livePath}${suffix}`, { force: true });
    let message = 0;
    await until(() => {
      message += 1;
      other.publish('run-1', message);
      return notices.length > 0;
    });
  });

  test('ignores damaged notices and those of a later version (I10)', async () => {
    const store = openStore();
    const notices = collect(store);
    {
      using database = new DatabaseSync(livePath);
      const insert = database.prepare(`INSERT INTO notices (store, notice) VALUES ('other', ?)`);
      for (const text of ['', 'null', '{"type":"later","runId":"run-1"}', '{"type":"saved"}'])
        insert.run(text);
      insert.run(JSON.stringify(live('run-1', 1)));
    }
    await until(() => notices.length > 0);
    expect(notices).toEqual([live('run-1', 1)]);
  });

  test('`publish` ignores a message that is not JSON, and a closed store', () => {
    const store = openStore();
    const message = Object.assign(Object.create(null), { self: undefined });
    message.self = message;
    expect(() => store.publish('run-1', message)).not.toThrow();
    store.close();
    expect(() => store.publish('run-1', 1)).not.toThrow();
    expect(() => store.watch(() => undefined)).toThrow('was closed');
  });

  test('a closed store has no row in the live file and has deleted the text of its notices', async () => {
    const [store, other] = [openStore(), openStore()];
    const notices = collect(store);
    other.publish('run-1', 'streamed text');
    await until(() => notices.length > 0);
    store.close();
    other.close();
    expect(rows('SELECT * FROM watchers')).toEqual([]);
    expect((await readFile(livePath)).includes('streamed text')).toBe(false);
    expect(existsSync(`${livePath}-wal`)).toBe(false);
  });
});

test.skipIf(process.platform === 'win32')('the live file has the permissions of the database', async () => {
  using store = sqliteStore({ path });
  await chmod(path, 0o640);
  collect(store);
  expect((await stat(livePath)).mode & 0o777).toBe(0o640);
});

test('a damaged live file is replaced; the file of another application is not', async () => {
  {
    using store = sqliteStore({ path });
    collect(store);
  }
  const file = await open(livePath, 'r+');
  await file.write(Buffer.alloc(4_000, 'x'), 0, 4_000, 100);
  await file.close();
  {
    using store = sqliteStore({ path });
    using other = sqliteStore({ path });
    const notices = collect(store);
    other.publish('run-1', 1);
    await until(() => notices.length > 0);
  }
  await writeFile(livePath, 'notes of a person '.repeat(10));
  using store = sqliteStore({ path });
  expect(() => store.watch(() => undefined)).toThrow('not an SQLite database');
  expect(await readFile(livePath, 'utf8')).toContain('notes of a person');
});

test('a database in memory has only its own listeners', async () => {
  using store = sqliteStore({ path: ':memory:' });
  const notices = collect(store);
  await store.commit(sampleChange());
  store.publish('run-1', 1);
  await until(() => notices.length === 2);
  expect(existsSync(':memory:-live')).toBe(false);
});
