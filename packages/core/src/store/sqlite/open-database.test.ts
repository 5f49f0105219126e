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
import { type SampleChange, sampleChange } from '../../testing/conformance/sample-run.ts';
import { manualClock } from '../../testing/manual-clock.ts';
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

/** A head of a run that waits for a response. */
function waitingFor(responseId: string): SampleChange {
  return { head: { phase: { type: 'waiting', pending: { responseId } } } };
}

test('a file of the version before webhooks finds the runs that wait for a response', async () => {
  const before = migrations.length - 1;
  withConnection((database) => {
    migrateDatabase(database, path, migrations.slice(0, before));
    const insert = database.prepare(
      `INSERT INTO runs (run_id, agent, status, created_at, revision, commit_id, head, thread_id)
       VALUES (?, 'a', ?, 1, 1, 'c', ?, ?)`,
    );
    const save = (runId: string, status: string, head: string): unknown =>
      insert.run(runId, status, head, runId);
    const { head } = sampleChange(waitingFor('resp_1'));
    save('waiting', 'queued', JSON.stringify(head));
    save(
      'cancelling',
      'cancelling',
      JSON.stringify(head).replace('resp_1', 'resp_2').replace('waiting', 'cancelling'),
    );
    save('over', 'completed', JSON.stringify(head).replace('resp_1', 'resp_3'));
    save('damaged', 'queued', '{');
    save('odd', 'queued', '{"phase":{"type":"waiting","pending":{"responseId":[7]}}}');
  });
  using store = sqliteStore({ path });
  expect(await store.findByResponse('resp_1')).toBe('waiting');
  expect(await store.findByResponse('resp_2')).toBe('cancelling');
  for (const id of ['resp_3', '[7]', '']) expect(await store.findByResponse(id)).toBe(undefined);
});

test('a process of the version before webhooks with the file open causes no wrong answer', async () => {
  using store = sqliteStore({ path });
  await store.commit(sampleChange(waitingFor('resp_1')));
  withConnection((database) => {
    // That version does not know the column.
    const update = database.prepare('UPDATE runs SET revision = ?, commit_id = ?, head = ? WHERE run_id = ?');
    update.run(2, 'other', JSON.stringify(sampleChange(waitingFor('resp_2')).head), 'run-1');
  });
  expect(await store.findByResponse('resp_1')).toBe(undefined);
  await store.commit(sampleChange({ revision: 3, ...waitingFor('resp_3') }));
  expect(await store.findByResponse('resp_3')).toBe('run-1');
});

test('webhooks that are older than 72 hours are deleted', async () => {
  const clock = manualClock(1_000);
  using store = sqliteStore({ path, clock });
  for (let n = 0; n < 5; n += 1) await store.rememberWebhook(`resp_${n}`);
  await clock.advance(72 * 3_600_000);
  await store.rememberWebhook('resp_5');
  withConnection((database) => {
    expect(database.prepare('SELECT response_id FROM webhooks').all()).toEqual([{ response_id: 'resp_5' }]);
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
