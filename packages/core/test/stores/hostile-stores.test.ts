import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { untilTestEnds } from '../../test-support/patience.ts';
import { scenario } from '../../test-support/scenario.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import { SnapshotError } from '../../src/errors/snapshot-error.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { RunFilter, RunHead, RunStore } from '../../src/store/run-store.ts';
import { type SqliteStore, sqliteStore } from '../../src/store/sqlite.ts';
import { createEmulator, manualClock } from '../../src/testing/index.ts';

let folder = '';
let opened: SqliteStore[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-hostile-'));
});
afterEach(async () => {
  for (const store of opened) store.close();
  opened = [];
  await rm(folder, { recursive: true, force: true });
});

/** A runner on a database. It uses the system clock, because the thread of the database cannot use a manual clock. */
function onDatabase() {
  const path = join(folder, 'runs.db');
  const store = sqliteStore({ path, synchronous: 'normal' });
  opened.push(store);
  const emulator = createEmulator({ script: [{ text: 'Hi.' }], queuedMs: 0, runMs: 300 });
  const client = fetchClient({ baseURL: 'http://api.test/v1', fetch: emulator.fetch });
  const agent = defineAgent({ name: 'weather', model: 'm' });
  const polling = { minMs: 100, maxMs: 200 };
  const boot = () => createRunner({ client, store, agents: [agent], mode: 'poll', polling });
  return { path, store, agent, boot };
}

function errorsOf(error: unknown): unknown[] {
  if (error instanceof AggregateError) return error.errors;
  return error instanceof Error ? errorsOf(error.cause) : [];
}

const ids = ['run-0', 'run-1', 'run-2', 'run-3', 'run-4'];

describe('resumeAll drives four of five runs if one head is damaged, and a SnapshotError names that run', () => {
  test.each([
    ['broken JSON', '{"runId":"run-2","status":"in_pro'],
    ['a number', '17'],
    ['an empty object', '{}'],
    ['an unknown status', '{"runId":"run-2","agent":"weather","status":"zz","version":1,"revision":1}'],
  ])('SQLite: %s', async (_name, head) => {
    const { path, store, agent, boot } = onDatabase();
    const first = boot();
    for (const runId of ids) first.start(agent, 'Hi', { runId });
    await vi.waitFor(async () => expect(await store.list()).toHaveLength(5), { timeout: untilTestEnds });
    await first.close();
    {
      using direct = new DatabaseSync(path);
      direct.prepare('UPDATE runs SET head = ? WHERE run_id = ?').run(head, 'run-2');
    }
    const fresh = boot();
    expect((await fresh.list()).map(({ runId }) => runId).toSorted()).toEqual(ids);
    const error: unknown = await fresh.resumeAll().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'resume_failed', message: expect.stringContaining('run-2') });
    expect(errorsOf(error)).toEqual([expect.any(SnapshotError)]);
    expect(errorsOf(error)[0]).toMatchObject({
      code: 'unreadable_snapshot',
      message: expect.stringContaining('run-2'),
    });
    expect(fresh.runs.map((run) => run.id).toSorted()).toEqual(ids.filter((id) => id !== 'run-2'));
    const views = await Promise.all(fresh.runs.map((run) => run.done()));
    for (const { status } of views) expect(status).toBe('completed');
    await expect(fresh.read('run-2')).rejects.toThrow(SnapshotError);
    // An unreadable run can be deleted.
    await fresh.delete('run-2');
    expect(await store.list()).toHaveLength(4);
    await fresh.close();
  });

  test.each<[string, (head: RunHead) => unknown]>([
    ['null', () => null],
    ['a head without a status', (head) => ({ ...head, status: undefined })],
    ['a head whose agent is a number', (head) => ({ ...head, agent: 5 })],
  ])('a custom store that lists %s', async (_name, damage) => {
    const clock = manualClock(1_770_000_000_000);
    const memory = memoryStore({ clock });
    const s = scenario({ clock, runner: { store: memory, mode: 'poll' } });
    for (const runId of ids) s.start('Hi', { runId });
    await s.clock.advance(1_000);
    await s.settle(s.runner.close());
    const store: RunStore = {
      ...memory,
      list: async (filter) =>
        JSON.parse(
          JSON.stringify(
            (await memory.list(filter)).map((head) => (head.runId === 'run-2' ? damage(head) : head)),
          ),
        ),
    };
    const fresh = s.reboot({ store });
    const error = await s.rejection(fresh.resumeAll());
    expect(errorsOf(error)).toEqual([expect.objectContaining({ code: 'unreadable_snapshot' })]);
    expect(fresh.runs).toHaveLength(4);
    expect((await fresh.list()).length).toBeGreaterThanOrEqual(4);
  });
});

describe('run ids that are not well-formed', () => {
  const odd = ['\ud800', '\ud801', '\ufffd', 'run-\udc00', 'run-\udc01', '\udfff\ud800', '🚣', '🚤'];

  test('are distinct in SQLite, in this runner and the next', async () => {
    const { store, agent, boot } = onDatabase();
    const runner = boot();
    const runs = odd.map((runId, index) =>
      runner.start(agent, 'Hi', { runId, metadata: { n: String(index) } }),
    );
    for (const run of runs) expect((await run.result()).text).toBe('Hi.');
    await runner.close();
    const next = boot();
    expect((await next.list()).map(({ runId }) => runId).toSorted()).toEqual(odd.toSorted());
    for (const [index, runId] of odd.entries()) {
      expect(await next.read(runId)).toMatchObject({ runId });
      expect((await store.load(runId))?.head.metadata).toEqual({ n: String(index) });
    }
    await next.delete('\ud800');
    expect(await next.read('\ud800')).toBeUndefined();
    expect(await next.read('\ud801')).toMatchObject({ runId: '\ud801' });
    expect(await next.read('\ud802')).toBeUndefined();
    await next.close();
  });

  test('are distinct for claim, look and renew', async () => {
    const store = sqliteStore({ path: ':memory:' });
    await store.claim('\ud800', 'a', 1_000);
    expect(await store.claim('\ud801', 'b', 1_000)).toBe(true);
    expect(await store.renew('a', 1_000)).toEqual(['\ud800']);
    const looks = await store.look(['\ud800', '\ud802']);
    expect(looks.map(({ runId, claimed }) => [runId, claimed])).toEqual([
      ['\ud800', true],
      ['\ud802', false],
    ]);
    store.close();
  });
});

describe('options of list, read and delete', () => {
  const stores: [string, () => RunStore][] = [
    ['memory', () => memoryStore()],
    ['SQLite', () => sqliteStore({ path: ':memory:' })],
  ];
  test.each(stores)(
    '%s: a limit of Infinity lists all runs, and an invalid limit is rejected by name',
    async (_name, open) => {
      const s = scenario({ runner: { store: open(), mode: 'poll' } });
      for (const runId of ids) s.start('Hi', { runId });
      await s.clock.advance(120_000);
      expect(await s.runner.list({ limit: Number.POSITIVE_INFINITY })).toHaveLength(5);
      expect(await s.runner.list({ limit: 0 })).toEqual([]);
      for (const limit of [-1, Number.NaN, 1.5, Number.NEGATIVE_INFINITY]) {
        await expect(s.runner.list({ limit })).rejects.toMatchObject({
          code: 'configuration',
          option: 'limit',
        });
      }
    },
  );

  test.each([
    ['options', 'null'],
    ['after', '{"after":5}'],
    ['after', '{"after":null}'],
    ['agent', '{"agent":{}}'],
    ['owner', '{"owner":5}'],
    ['owner', '{"owner":null}'],
    ['status', '{"status":null}'],
    ['status', '{"status":[null]}'],
    ['order', '{"order":"asc"}'],
  ])('an invalid `%s` is rejected by name, and not passed to the store: %s', async (option, json) => {
    const given: RunFilter = JSON.parse(json);
    const asked: unknown[] = [];
    const memory = memoryStore();
    const store = { ...memory, list: (...args: [RunFilter?]) => (asked.push(args), memory.list(...args)) };
    await expect(scenario({ runner: { store } }).runner.list(given)).rejects.toMatchObject({ option });
    expect(asked).toEqual([]);
    for (const [, open] of stores) await expect(open().list(given)).rejects.toMatchObject({ option });
  });

  test.each(stores)('%s: a run id that is not a string is rejected by name', async (_name, open) => {
    const { runner } = scenario({ runner: { store: open() } });
    const runId: string = JSON.parse('5');
    await expect(runner.read(runId)).rejects.toMatchObject({ option: 'runId' });
    await expect(runner.delete(runId)).rejects.toMatchObject({ option: 'runId' });
  });

  test.each(stores)('%s: a filter may repeat a status', async (_name, open) => {
    const s = scenario({ runner: { store: open(), mode: 'poll' } });
    s.start('Hi');
    await s.clock.advance(120_000);
    const status = Array.from({ length: 40_000 }, () => 'completed' as const);
    expect(await s.runner.list({ status })).toHaveLength(1);
  });
});

describe('an inbox message for a call id that two iterations use', () => {
  const save = tool({
    name: 'save',
    parameters: z.object({ note: z.string() }),
    needsApproval: true,
    execute: () => 'saved',
  });
  const ask = (note: string) => ({ calls: [{ name: 'save', arguments: { note }, callId: 'call_1' }] });

  test.each([
    ['no effect without an iteration', {}, 0],
    ['no effect with the previous iteration', { iteration: 0 }, 0],
    ['no effect with an iteration that is a string', { iteration: '1' }, 0],
    ['an effect with the iteration of the call', { iteration: 1 }, 1],
  ])('has %s', async (_name, binding, approvals) => {
    const s = scenario({ script: [ask('first'), ask('second'), { text: 'Saved.' }], tools: [save] });
    const run = s.start('Save it.');
    await s.clock.advance(30_000);
    await s.settle(run.deny('call_1'));
    await s.clock.advance(30_000);
    expect(run.view.status).toBe('requires_action');
    await s.store.post?.(run.id, {
      type: 'decided',
      decisions: [{ type: 'approve', callId: 'call_1' }],
      ...binding,
    });
    await s.clock.advance(60_000);
    expect(run.view.toolCalls.filter(({ status }) => status === 'completed')).toHaveLength(approvals);
    expect(run.view.status).toBe(approvals === 1 ? 'completed' : 'requires_action');
  });

  test('has no effect with an unknown type of decision', async () => {
    const s = scenario({ script: [ask('first'), { text: 'Saved.' }], tools: [save] });
    const run = s.start('Save it.');
    await s.clock.advance(30_000);
    const decisions = [{ type: 'bogus', callId: 'call_1' }];
    await s.store.post?.(run.id, { type: 'decided', iteration: 0, decisions });
    await s.clock.advance(60_000);
    expect(run.view.status).toBe('requires_action');
    const seen: string[] = [];
    await s.settle(run.approve('call_1'));
    await s.clock.advance(60_000);
    for await (const event of run.events()) if (event.type === 'decision.made') seen.push(event.decision);
    expect(seen).toEqual(['approve']);
  });
});
