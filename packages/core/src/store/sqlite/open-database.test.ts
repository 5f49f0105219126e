import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import { SnapshotError } from '../../errors/snapshot-error.ts';
import { StoreError } from '../../errors/store-error.ts';
import { sampleChange } from '../../testing/conformance/sample-run.ts';
import { sqliteStore } from '../sqlite.ts';
import { migrations } from './migrations.ts';
import { migrateDatabase, openDatabase } from './open-database.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-sqlite-'));
  path = join(folder, 'runs.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function versionOf(database: DatabaseSync): unknown {
  return database.prepare('PRAGMA user_version').get()?.['user_version'];
}

/** Runs `work` on a second connection to the file. */
function withConnection(work: (database: DatabaseSync) => void): void {
  using database = new DatabaseSync(path);
  work(database);
}

test('a new file gets the current schema, with a write-ahead log', () => {
  sqliteStore({ path }).close();
  withConnection((database) => {
    expect(versionOf(database)).toBe(migrations.length);
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  });
});

test.each([
  ['full', 2],
  ['normal', 1],
] as const)('sets synchronous: %s in SQLite', (synchronous, level) => {
  using database = openDatabase({ path, busyTimeoutMs: 0, synchronous });
  expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: level });
});

test('rejects a file of a newer version with advice, and leaves the file unchanged', async () => {
  sqliteStore({ path }).close();
  withConnection((database) => database.exec('PRAGMA user_version = 99'));
  const before = await readFile(path);
  expect(() => sqliteStore({ path })).toThrow(SnapshotError);
  expect(() => sqliteStore({ path })).toThrow(/schema version 99.*Update @longhaul\/core/);
  expect(await readFile(path)).toEqual(before);
});

test("rejects another application's database, and leaves it unchanged", async () => {
  withConnection((database) => database.exec('CREATE TABLE runs (x); PRAGMA user_version = 1'));
  const before = await readFile(path);
  expect(() => sqliteStore({ path })).toThrow(ConfigurationError);
  expect(() => sqliteStore({ path })).toThrow(/separate file/);
  expect(await readFile(path)).toEqual(before);
});

test('throws immediately for a file that is not a database, or that cannot be opened', async () => {
  await writeFile(path, 'not a database, '.repeat(100));
  expect(() => sqliteStore({ path })).toThrow(SnapshotError);
  const missing = join(folder, 'no', 'such', 'folder', 'runs.db');
  expect(() => sqliteStore({ path: missing })).toThrow(StoreError);
  expect(() => sqliteStore({ path: missing })).toThrow(/folder must exist/);
});

test('a migration to a later schema keeps the data', async () => {
  {
    using store = sqliteStore({ path });
    await store.commit(sampleChange({ append: [{ n: 1 }] }));
  }
  withConnection((database) => {
    migrateDatabase(database, path, [
      ...migrations,
      'CREATE TABLE later (x)',
      'ALTER TABLE runs ADD COLUMN y TEXT',
    ]);
    expect(versionOf(database)).toBe(migrations.length + 2);
    expect(database.prepare('SELECT run_id, y FROM runs').all()).toEqual([{ run_id: 'run-1', y: null }]);
  });
});

test('a migration that fails midway leaves the file unchanged', () => {
  sqliteStore({ path }).close();
  withConnection((database) => {
    const steps = [...migrations, 'CREATE TABLE later (x)', 'CREATE TABLE later (x)'];
    expect(() => migrateDatabase(database, path, steps)).toThrow('already exists');
    expect(versionOf(database)).toBe(migrations.length);
    expect(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'later'").all()).toEqual([]);
  });
});

test('waits while another connection writes to a new file, although SQLite does not wait', async () => {
  const writer = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const { DatabaseSync } = require('node:sqlite');
     const database = new DatabaseSync(workerData);
     database.exec('BEGIN IMMEDIATE');
     parentPort.postMessage('writing');
     Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
     database.close();`,
    { eval: true, workerData: path },
  );
  const exited = once(writer, 'exit');
  await once(writer, 'message');
  using store = sqliteStore({ path, busyTimeoutMs: 10_000 });
  expect(await store.list()).toEqual([]);
  await exited;
});
