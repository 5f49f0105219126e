import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { createRunner, defineAgent, fetchClient, tool } from '@longhaul/core';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { createEmulator, manualClock } from '@longhaul/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** A file with schema 1: a finished run, a run that waits for an approval, a claim and a message. */
const former = fileURLToPath(new URL('./fixtures/version-1.db', import.meta.url));
const ttlMs = 15_000;
const longAfter = 1_780_000_000_000;

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-former-'));
  path = join(folder, 'runs.db');
  await copyFile(former, path);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('loads the runs and messages of the previous version', async () => {
  using store = sqliteStore({ path });
  const heads = await store.list();
  expect(heads.map(({ runId, status }) => [runId, status])).toEqual([
    ['waiting', 'requires_action'],
    ['over', 'completed'],
  ]);
  const run = await store.load('over');
  expect(run?.items.map(({ type }) => type)).toContain('call');
  expect(await store.receive('claimed')).toMatchObject([{ message: { type: 'cancel_asked' } }]);
});

test('the runs of the previous version have no owner, until a commit sets one', async () => {
  using store = sqliteStore({ path });
  expect((await store.list()).map(({ owner }) => owner)).toEqual([undefined, undefined]);
  const run = await store.load('over');
  if (run === undefined) throw new Error('The fixture contains the run.');
  const commitId = 'assigned';
  const revision = run.head.revision + 1;
  const head = { ...run.head, owner: 'ann', revision, commitId };
  await store.commit({ runId: 'over', revision, commitId, head, append: [] });
  expect((await store.list({ owner: 'ann' })).map(({ runId }) => runId)).toEqual(['over']);
  expect((await store.load('over'))?.items).toEqual(run.items);
});

test('each run of the previous version is a conversation of its own', async () => {
  using store = sqliteStore({ path });
  const [waiting, over] = await store.list();
  expect(await store.list({ threadId: 'over' })).toEqual([over]);
  for (const head of [waiting, over]) {
    const { runId = '', agent, status, createdAt } = head ?? {};
    expect(await store.listThreadRuns(runId)).toEqual([{ runId, agent, status, createdAt }]);
  }
  expect(await store.listThreads({ limit: 1 })).toEqual([
    { threadId: 'waiting', title: '', status: 'requires_action', updatedAt: waiting?.createdAt, runs: 1 },
  ]);
});

test('a run that a process of the previous version starts after the migration is a conversation of its own', async () => {
  using open = new DatabaseSync(path);
  using store = sqliteStore({ path });
  // That version saves with this statement.
  const commit = open.prepare(
    `INSERT INTO runs (run_id, agent, owner, status, created_at, revision, commit_id, head)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run_id) DO UPDATE
     SET status = excluded.status, revision = excluded.revision, commit_id = excluded.commit_id, head = excluded.head`,
  );
  const runId = 'late';
  for (const [n, status] of ['queued', 'completed'].entries()) {
    const row = { runId, agent: 'keeper', owner: 'ann', status, revision: n + 1, commitId: `late/${n}` };
    const head = JSON.stringify({ ...row, createdAt: 5, updatedAt: 6 });
    commit.run(runId, row.agent, row.owner, status, 5, row.revision, row.commitId, head);
    const shown = { runId, agent: 'keeper', owner: 'ann', status, createdAt: 5 };
    expect(await store.listThreadRuns(runId)).toEqual([shown]);
    expect(await store.list({ threadId: runId })).toEqual([JSON.parse(head)]);
    const [thread] = await store.listThreads({ owner: 'ann' });
    expect(thread).toEqual({ threadId: runId, title: '', status, updatedAt: 5, runs: 1 });
  }
});

test('of the runs of the previous version, only those with a message or without a rest are undriven', async () => {
  using store = sqliteStore({ path });
  expect(await store.undriven(['keeper'])).toEqual([]);
  await store.post('waiting', { type: 'cancel_asked' });
  await store.post('over', { type: 'cancel_asked' });
  expect(await store.undriven(['keeper'])).toEqual([{ runId: 'waiting', agent: 'keeper' }]);
});

test('a claim of the previous version expires one TTL after the first attempt to claim its run', async () => {
  const clock = manualClock(longAfter);
  using store = sqliteStore({ path, clock });
  expect(await store.claim('claimed', 'me', ttlMs)).toBe(false);
  await clock.advance(ttlMs - 1);
  expect(await store.claim('claimed', 'me', ttlMs)).toBe(false);
  await clock.advance(1);
  expect(await store.claim('claimed', 'me', ttlMs)).toBe(true);
});

test('a process of the previous version with the file open keeps its claims, and takes no other claim', async () => {
  using open = new DatabaseSync(path);
  const clock = manualClock(longAfter);
  using store = sqliteStore({ path, clock });
  // That version claims and renews with this statement.
  const claim = open.prepare(
    `INSERT INTO claims (run_id, owner, until) VALUES (?, ?, ?) ON CONFLICT (run_id) DO UPDATE
     SET owner = excluded.owner, until = excluded.until WHERE owner = excluded.owner OR until <= ?`,
  );
  const before = (runId: string): boolean =>
    claim.run(runId, 'before', clock.now() + ttlMs, clock.now()).changes > 0;
  expect(before('run-1')).toBe(true);
  await store.claim('run-2', 'me', ttlMs);
  for (let round = 0; round < 6; round += 1) {
    expect(await store.claim('run-1', 'me', ttlMs)).toBe(false);
    await clock.advance(5_000);
    expect(before('run-1')).toBe(true);
    expect(before('run-2')).toBe(false);
  }
});

test('a waiting run of the previous version continues', async () => {
  const emulator = createEmulator({ script: [{ text: 'Saved.' }] });
  const save = tool({
    name: 'save',
    parameters: { jsonSchema: { type: 'object', properties: {}, required: [], additionalProperties: false } },
    needsApproval: true,
    execute: () => 'saved',
  });
  const agent = defineAgent({ name: 'keeper', model: 'gpt-6-astra', tools: [save] });
  const client = fetchClient({ baseURL: 'http://api.test/v1', fetch: emulator.fetch });
  const clock = manualClock(1_770_000_060_000);
  using store = sqliteStore({ path, clock });
  const runner = createRunner({
    client,
    clock,
    store,
    agents: [agent],
    mode: 'poll',
    continuation: 'replay',
  });
  const [run] = await runner.resumeAll();
  expect(run?.view).toMatchObject({ runId: 'waiting', status: 'requires_action' });
  await run?.approve('call_1');
  await clock.advance(60_000);
  expect(run?.view.toolCalls).toMatchObject([{ callId: 'call_1', status: 'completed' }]);
  await runner.close();
});
