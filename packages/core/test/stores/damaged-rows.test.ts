import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { RunStore } from '../../src/store/run-store.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { sampleChange } from '../../src/testing/conformance/sample-run.ts';
import { createEmulator } from '../../src/testing/emulator.ts';
import { manualClock } from '../../src/testing/manual-clock.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-damaged-'));
  path = join(folder, 'runs.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const warnings: string[] = [];
const warned = (warning: Error): void => void warnings.push(warning.message);
beforeEach(() => {
  warnings.length = 0;
  process.on('warning', warned);
});
afterEach(() => void process.off('warning', warned));

/** With a clock of the caller, the store works in the thread that opened it, and opens much faster. */
const here = () => ({ path, clock: manualClock() });

/** A file with three runs, each with an item, a claim and messages. Its columns accept values of any type. */
let template = '';
beforeAll(async () => {
  const made = await mkdtemp(join(tmpdir(), 'longhaul-damaged-'));
  template = join(made, 'runs.db');
  {
    using store = sqliteStore({ path: template, clock: manualClock() });
    for (const runId of ['run-0', 'run-1', 'run-2']) {
      await store.commit(sampleChange({ runId, owner: 'ann', append: [{ n: 1 }] }));
      await store.claim(runId, `owner of ${runId}`, 15_000);
      for (const n of [1, 2, 3]) await store.post(runId, { n });
    }
  }
  using database = new DatabaseSync(template);
  const lax = (table: string): void => {
    database.exec(
      `CREATE TABLE lax AS SELECT * FROM ${table}; DROP TABLE ${table}; ALTER TABLE lax RENAME TO ${table}`,
    );
  };
  for (const table of ['runs', 'items', 'claims', 'owners', 'inbox']) lax(table);
  database.exec(`
    CREATE UNIQUE INDEX key_of_runs ON runs (run_id);
    CREATE UNIQUE INDEX key_of_claims ON claims (run_id);
    CREATE UNIQUE INDEX key_of_owners ON owners (owner);
    PRAGMA journal_mode = DELETE;
  `);
  return () => rm(made, { recursive: true, force: true });
});

const fileWithRuns = (): Promise<void> => copyFile(template, path);

function damage(change: string): void {
  using database = new DatabaseSync(path);
  database.exec(change);
}

const anything = [
  'NULL',
  "''",
  `'{"n":'`,
  "'[[['",
  "x'ff00'",
  '9223372036854775807',
  '-1',
  '1e300',
  "'\\ud800'",
];

describe.each(['in this thread', 'in its own thread'])('a damaged inbox, %s', (place) => {
  const open = () => sqliteStore(place === 'in this thread' ? here() : { path });

  test.each(anything.filter((value) => Number.isNaN(Number(value))))(
    'a message with the value %s does not affect the others, and causes one warning',
    async (value) => {
      await fileWithRuns();
      damage(`UPDATE inbox SET message = ${value} WHERE run_id = 'run-1' AND message LIKE '%2%'`);
      using store = open();
      const received = await store.receive('run-1');
      expect(received.map(({ message }) => message)).toEqual([{ n: 1 }, null, { n: 3 }]);
      await expect.poll(() => warnings).toEqual([expect.stringMatching(/1 of 3 messages for run run-1/)]);
      expect(await store.receive('run-1')).toEqual(received);
      await store.post('run-1', { n: 4 });
      await store.commit(sampleChange({ revision: 2, received: received.map(({ id }) => id) }));
      expect(await store.receive('run-1')).toMatchObject([{ message: { n: 4 } }]);
      expect(await store.receive('run-0')).toHaveLength(3);
      expect(warnings).toHaveLength(1);
    },
  );
});

test.each(anything)('an inbox row with the damaged id %s does not lose a message', async (value) => {
  await fileWithRuns();
  damage(`UPDATE inbox SET id = ${value} WHERE run_id = 'run-1' AND message LIKE '%2%'`);
  using store = sqliteStore(here());
  const received = await store.receive('run-1');
  expect(received).toMatchObject([{ message: { n: 1 } }, { message: { n: 2 } }, { message: { n: 3 } }]);
  await store.commit(sampleChange({ revision: 2, received: received.map(({ id }) => id) }));
  expect(await store.receive('run-1')).toEqual([]);
});

const columns = ['run_id', 'agent', 'owner', 'status', 'created_at', 'revision', 'commit_id', 'head'];
const ofThreads = ['thread_id', 'continues', 'is_retry', 'title', 'input_text', 'updated_at'];

describe.each([...columns, ...ofThreads])('a run with a damaged %s', (column) => {
  test.each(anything)(
    '(%s) does not affect lists, look, undriven and commit for other runs',
    async (value) => {
      await fileWithRuns();
      damage(`UPDATE runs SET ${column} = ${value} WHERE run_id = 'run-1'`);
      using store = sqliteStore(here());
      const listed = await store.list();
      expect(listed).toHaveLength(3);
      expect(listed.map(({ runId }) => runId)).toEqual(expect.arrayContaining(['run-0', 'run-2']));
      expect(await store.look(['run-0', 'run-1', 'run-2'])).toMatchObject([
        { runId: 'run-0', revision: 1, claimed: true, posted: true },
        { runId: 'run-1', claimed: true, posted: true },
        { runId: 'run-2', revision: 1, claimed: true, posted: true },
      ]);
      for (const runId of ['run-0', 'run-2']) {
        const run = { runId, agent: 'agent-1', owner: 'ann', status: 'in_progress', createdAt: 1_000 };
        expect(await store.listThreadRuns(runId)).toContainEqual(run);
        expect(await store.list({ threadId: runId })).toContainEqual(expect.objectContaining({ runId }));
        const thread = { threadId: runId, title: '', status: 'in_progress', updatedAt: 1_001, runs: 1 };
        for (const filter of [{}, { owner: 'ann' }])
          expect(await store.listThreads(filter)).toContainEqual(thread);
      }
      const owned = await store.list({ owner: 'ann' });
      for (const runId of ['run-0', 'run-2']) await store.release(runId, `owner of ${runId}`);
      for (const found of [owned, await store.undriven(['agent-1'])]) {
        expect(found.map(({ runId }) => runId)).toEqual(expect.arrayContaining(['run-0', 'run-2']));
      }
      const [first, , last] = await Promise.allSettled(
        ['run-0', 'run-1', 'run-2'].map((runId) => store.commit(sampleChange({ runId, revision: 2 }))),
      );
      expect([first, last]).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
    },
  );
});

test('a head with another owner than its row is listed with the owner of the row, as every damaged head', async () => {
  await fileWithRuns();
  {
    using store = sqliteStore(here());
    await store.commit(sampleChange({ runId: 'run-2', revision: 2, owner: '\ud800' }));
  }
  damage(`
    UPDATE runs SET head = json_set(head, '$.owner', 'bob') WHERE run_id = 'run-1';
    UPDATE runs SET head = 'damaged' WHERE run_id = 'run-2';
  `);
  using store = sqliteStore(here());
  const owned = async (owner: string) =>
    (await store.list({ owner })).map((head) => [head.runId, head.owner]);
  expect(await owned('bob')).toEqual([]);
  expect(await owned('ann')).toEqual([
    ['run-0', 'ann'],
    ['run-1', 'ann'],
  ]);
  expect(await owned('\ud800')).toEqual([['run-2', '\ud800']]);
});

test.each(anything)('items with the value %s cause a SnapshotError only for their run', async (value) => {
  await fileWithRuns();
  damage(`UPDATE items SET items = ${value} WHERE run_id = 'run-1'`);
  using store = sqliteStore(here());
  expect((await store.load('run-0'))?.items).toEqual([{ n: 1 }]);
  const loaded = await store.load('run-1').catch((error: unknown) => error);
  // Valid JSON of another type is detected when the run is resumed.
  if (loaded instanceof Error) {
    expect(loaded).toMatchObject({
      code: 'unreadable_snapshot',
      message: expect.stringContaining('run-1'),
    });
  } else expect(loaded).not.toMatchObject({ items: [{ n: 1 }] });
});

describe.each([
  ['claims', 'owner'],
  ['claims', 'until'],
  ['owners', 'renewals'],
  ['owners', 'ttl_ms'],
])('a row of %s with a damaged %s', (table, column) => {
  test.each(anything)(
    '(%s) blocks its run for at most an hour, and does not block other runs',
    async (value) => {
      await fileWithRuns();
      const row = table === 'claims' ? "run_id = 'run-1'" : "owner = 'owner of run-1'";
      damage(`UPDATE ${table} SET ${column} = ${value} WHERE ${row}`);
      const clock = manualClock();
      using store = sqliteStore({ path, clock });
      const runIds = ['run-0', 'run-1', 'run-2'];
      const looks = await store.look(runIds);
      expect(looks.map(({ runId }) => runId)).toEqual(runIds);
      expect([looks[0]?.claimed, looks[2]?.claimed]).toEqual([true, true]);
      expect(await store.renew('owner of run-0', 15_000)).toEqual(['run-0']);
      await store.claim('run-1', 'another', 15_000);
      await clock.advance(3_600_000);
      expect(await store.claim('run-1', 'another', 15_000)).toBe(true);
      expect(await store.renew('another', 15_000)).toEqual(['run-1']);
      expect(await store.renew('another', 15_000)).toEqual(['run-1']);
    },
  );
});

test('an escaped run id that is not valid JSON does not affect other runs', async () => {
  await fileWithRuns();
  damage(`
    UPDATE runs SET run_id = char(0) || '"broken' WHERE run_id = 'run-1';
    UPDATE claims SET run_id = char(0) || '"broken', owner = 'owner of run-0' WHERE run_id = 'run-1';
  `);
  using store = sqliteStore(here());
  expect(await store.list()).toHaveLength(3);
  expect(await store.renew('owner of run-0', 15_000)).toContain('run-0');
});

describe('an invalid message', () => {
  const approved = tool({
    name: 'pay',
    parameters: { jsonSchema: { type: 'object', properties: {} } },
    needsApproval: true,
    execute: () => 'Paid.',
  });
  const agent = defineAgent({ name: 'a', model: 'm', tools: [approved] });

  async function waiting(store: RunStore, clock = manualClock(1_770_000_000_000)) {
    const emulator = createEmulator({
      script: [{ calls: [{ name: 'pay', arguments: {} }] }, { text: 'Done.' }],
      clock,
    });
    const client = fetchClient({ baseURL: 'http://api.test/v1', fetch: emulator.fetch });
    const runner = createRunner({ client, clock, store, agents: [agent], mode: 'poll' });
    const run = runner.start(agent, 'Pay', { runId: 'run-1' });
    await clock.advance(60_000);
    expect(run.view.status).toBe('requires_action');
    return { run, clock };
  }

  const clock = manualClock(1_770_000_000_000);
  test.each([
    null,
    'text',
    { type: 'decidee', decisions: [] },
    { type: 'decided', decisions: {} },
    { type: 'decided', decisions: [{ type: 'approve' }], iteration: 0 },
    { type: 'decided', decisions: [], iteration: '0' },
  ])('(%o) causes a warning of the run, and a later approval takes effect', async (message) => {
    const store = memoryStore({ clock });
    const { run } = await waiting(store, clock);
    const callId = run.view.toolCalls[0]?.callId ?? '';
    await store.post('run-1', message);
    await store.post('run-1', { type: 'decided', decisions: [{ type: 'approve', callId }], iteration: 0 });
    await clock.advance(60_000);
    expect(run.view).toMatchObject({ status: 'completed', warnings: [{ code: 'unreadable_message' }] });
  });
});
