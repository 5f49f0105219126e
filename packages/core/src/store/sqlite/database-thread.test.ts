import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleChange } from '../../testing/conformance/sample-run.ts';
import { type SqliteStore, sqliteStore } from '../sqlite.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-thread-'));
  path = join(folder, 'runs.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const runIds = Array.from({ length: 300 }, (_, index) => `run-${index}`);

function saveAll(store: SqliteStore, revision: number, ids = runIds): Promise<PromiseSettledResult<void>[]> {
  return Promise.allSettled(
    ids.map((runId) => store.commit(sampleChange({ runId, revision, append: [{ revision }] }))),
  );
}

const failed = (outcomes: readonly PromiseSettledResult<void>[]) =>
  outcomes.flatMap((outcome, index) =>
    outcome.status === 'rejected' ? [{ runId: runIds[index], error: outcome.reason }] : [],
  );

test('a conflict fails only the save of its run, even if other runs are saved in the same batch', async () => {
  using store = sqliteStore({ path });
  await store.commit(sampleChange({ runId: 'run-7', commitId: 'rival' }));
  const outcomes = failed(await saveAll(store, 1));
  expect(outcomes).toMatchObject([{ runId: 'run-7', error: { code: 'conflict' } }]);
  expect(await store.list()).toHaveLength(300);
});

test('a save that fails midway changes nothing, and the saves of other runs are complete', async () => {
  using store = sqliteStore({ path });
  await store.list();
  {
    using direct = new DatabaseSync(path);
    direct.exec(
      `CREATE TRIGGER fail BEFORE INSERT ON items WHEN NEW.run_id = 'run-7' BEGIN SELECT RAISE(ABORT, 'half-way'); END`,
    );
  }
  const outcomes = failed(await saveAll(store, 1));
  expect(outcomes).toMatchObject([
    { runId: 'run-7', error: { message: expect.stringContaining('half-way') } },
  ]);
  expect(await store.load('run-7')).toBeUndefined();
  expect((await store.load('run-8'))?.items).toEqual([{ revision: 1 }]);
  expect(await store.list()).toHaveLength(299);
});

test('the event loop keeps running while a call waits for another process to write', async () => {
  using store = sqliteStore({ path, busyTimeoutMs: 300 });
  await store.list();
  using rival = new DatabaseSync(path);
  rival.exec('BEGIN IMMEDIATE');
  let turns = 0;
  let settled = false;
  const saved = store.commit(sampleChange());
  saved.then(
    () => (settled = true),
    () => (settled = true),
  );
  while (!settled) {
    turns += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect(saved).rejects.toMatchObject({ code: 'unavailable', cause: { errcode: 5 } });
  // A blocked event loop would have one or two turns.
  expect(turns).toBeGreaterThan(10);
  rival.exec('ROLLBACK');
});

test('when the store closes, resolved saves are in the file, and all others are rejected as closed', async () => {
  const store = sqliteStore({ path });
  await saveAll(store, 1);
  const saving = saveAll(store, 2);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  store.close();
  // The log file is deleted when the last connection closes.
  expect(existsSync(`${path}-wal`)).toBe(false);
  const outcomes = await saving;
  for (const { error } of failed(outcomes)) {
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('was closed') });
  }
  using again = sqliteStore({ path });
  for (const [index, runId] of runIds.entries()) {
    const revision = (await again.load(runId))?.head.revision;
    expect(revision, runId).toBe(outcomes[index]?.status === 'fulfilled' ? 2 : 1);
  }
});

test('close ends the wait for another process that writes', async () => {
  const store = sqliteStore({ path, busyTimeoutMs: 600_000 });
  await store.list();
  using rival = new DatabaseSync(path);
  rival.exec('BEGIN IMMEDIATE');
  const saved = store.commit(sampleChange());
  const refused = expect(saved).rejects.toMatchObject({ code: 'unavailable' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  store.close();
  await refused;
  rival.exec('ROLLBACK');
});

test('a store that was never used can be closed twice, and then has removed its log file', () => {
  const store = sqliteStore({ path });
  store.close();
  store.close();
  expect(existsSync(`${path}-wal`)).toBe(false);
});

/** Runs a separate program, and returns its exit code. */
async function programEnds(lines: string): Promise<unknown> {
  const file = JSON.stringify(new URL('../sqlite.ts', import.meta.url).href);
  const text = `import { sqliteStore } from ${file};\nconst path = ${JSON.stringify(path)};\n${lines}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return code;
}

test('an open store does not keep its process alive, but a call in progress does', async () => {
  const code = await programEnds(`
    const store = sqliteStore({ path });
    await store.claim('run-1', 'a', 1_000);
    process.exitCode = 3;
    store.list().then(() => { process.exitCode = 0; });
  `);
  expect(code).toBe(0);
});

test('a store that watches and publishes does not keep its process alive', async () => {
  const code = await programEnds(`
    const store = sqliteStore({ path });
    store.watch(() => undefined);
    await store.list();
    store.publish('run-1', 1);
  `);
  expect(code).toBe(0);
});

test('a relative path is resolved in the working directory of the call to sqliteStore', async () => {
  const code = await programEnds(`
    process.chdir(${JSON.stringify(folder)});
    const store = sqliteStore({ path: 'relative.db' });
    process.chdir('/');
    await store.claim('run-1', 'a', 1_000);
    store.close();
  `);
  expect(code).toBe(0);
  using direct = new DatabaseSync(join(folder, 'relative.db'));
  expect(direct.prepare('SELECT run_id FROM claims').all()).toEqual([{ run_id: 'run-1' }]);
});

test('the thread renews a claim of two seconds while the event loop is blocked', async () => {
  using store = sqliteStore({ path });
  await store.claim('run-1', 'a', 2_000);
  await store.list();
  using direct = new DatabaseSync(path);
  const renewals = (): unknown => direct.prepare('SELECT renewals FROM owners').get()?.['renewals'];
  const seen = new Set<unknown>();
  for (let second = 0; second < 4; second += 1) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
    seen.add(renewals());
  }
  expect(seen.size).toBeGreaterThan(1);
});

test('if the thread cannot open the file, each call is rejected as `unavailable`', async () => {
  const store = sqliteStore({ path });
  await rm(folder, { recursive: true });
  await expect(store.list()).rejects.toMatchObject({ code: 'unavailable' });
  await expect(store.list()).rejects.toMatchObject({ code: 'unavailable' });
  store.close();
});
