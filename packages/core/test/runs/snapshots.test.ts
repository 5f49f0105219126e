import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { scenario, type Scenario } from '../../test-support/scenario.ts';
import { tool } from '../../src/agent/tool.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { SnapshotError } from '../../src/errors/snapshot-error.ts';
import type { DrivenRun, DrivingRunner } from '../../src/run/driving-runner.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { RunSnapshot } from '../../src/store/run-store.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';

const answer = 'Leave the umbrella at home.';

function throughJson(snapshot: unknown): RunSnapshot {
  return JSON.parse(JSON.stringify(snapshot));
}

/** A process that shares only the API and the clock with the first. */
function elsewhere(s: Scenario): DrivingRunner {
  return s.reboot({ store: memoryStore({ clock: s.clock }) });
}

describe('a snapshot', () => {
  test('is plain JSON with a head, which has the public fields, and items', async () => {
    const s = scenario();
    const run = s.start('Umbrella?', { runId: 'run-1' });
    await s.settle(run.result());
    const snapshot = run.snapshot();
    expect(throughJson(snapshot)).toEqual(snapshot);
    expect(snapshot).toEqual({ head: expect.any(Object), items: expect.any(Array) });
    const { createdAt, updatedAt } = run.view;
    expect(snapshot.head).toMatchObject({
      runId: 'run-1',
      agent: 'weather',
      status: 'completed',
      revision: expect.any(Number),
      createdAt,
      updatedAt,
    });
    expect(await s.store.load('run-1')).toEqual(snapshot);
  });

  test('is a copy, so that changes to it do not affect the run', async () => {
    const s = scenario();
    const run = s.start();
    await s.clock.advance(1_000);
    const taken = run.snapshot();
    Object.assign(taken.head, { status: 'failed', runId: 'other' });
    Reflect.set(taken.items, 'length', 0);
    expect(run.snapshot()).toMatchObject({ head: { status: run.view.status, runId: run.id } });
    expect((await s.settle(run.result())).text).toBe(answer);
  });

  test.each([
    ['as soon as it is started', 0],
    ['while its response is queued', 1_000],
    ['while its response is in progress', 6_000],
    ['in its second iteration', 15_000],
    ['when it is finished', 60_000],
  ])('of a run, %s, resumes it in a process with an empty store', async (_when, after) => {
    const s = scenario();
    const run = s.start();
    if (after > 0) await s.clock.advance(after);
    const snapshot = throughJson(run.snapshot());
    if (after > 0) await s.settle(run.detach({ graceMs: 0 }));
    const there = await s.settle(elsewhere(s).resume(s.agent, snapshot));
    expect(there.id).toBe(run.id);
    expect((await s.settle(there.result())).text).toBe(answer);
    expect(there.view.toolCalls).toMatchObject([{ status: 'completed', output: { tempC: 21 } }]);
    if (after > 0) expect(s.executed).toEqual(['Paris']);
  });

  test('contains no secret, header or context', async () => {
    const secrets = ['sk-secret', 'header-secret', 'context-secret'];
    const seen: unknown[] = [];
    const getWeather = tool({
      name: 'get_weather',
      parameters: z.object({ city: z.string() }),
      execute: (_args, { context }) => void seen.push(context),
    });
    const s = scenario({ tools: [getWeather] });
    const client = fetchClient({
      baseURL: 'http://api.test/v1',
      apiKey: 'sk-secret',
      headers: { 'x-tenant': 'header-secret' },
      fetch: s.emulator.fetch,
    });
    const run = s.reboot({ client }).start(s.agent, 'Umbrella?', { context: { db: 'context-secret' } });
    const texts: string[] = [];
    run.subscribe(() => texts.push(JSON.stringify([run.snapshot(), run.view])));
    await s.settle(run.result());
    texts.push(JSON.stringify([run.snapshot(), run.view, await s.store.load(run.id)]));
    expect(seen).toEqual([{ db: 'context-secret' }]);
    for (const secret of secrets) expect(texts.join('\n')).not.toContain(secret);
  });
});

describe('an invalid snapshot', () => {
  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a number', 42],
    ['a function', () => 1],
    ['an empty object', {}],
    ['an array', []],
    ['a head alone', { head: { version: 1, runId: 'r', agent: 'weather', revision: 1 } }],
    ['an empty head', { head: {}, items: [] }],
    ['a head whose fields have wrong types', { head: { version: '1', runId: 1, agent: {} }, items: [] }],
  ])('is rejected: %s', async (_what, from) => {
    const s = scenario();
    const error = await s.rejection(Reflect.apply(s.runner.resume, s.runner, [s.agent, from]));
    expect(error).toBeInstanceOf(SnapshotError);
    expect(error).toMatchObject({ code: 'unreadable_snapshot' });
    expect([s.runner.runs, s.sent()]).toEqual([[], []]);
  });

  test.each<[string, (snapshot: RunSnapshot) => unknown]>([
    ['no items', ({ head }) => ({ head })],
    ['invalid items', ({ head }) => ({ head, items: [null] })],
    ['no phase', ({ head, items }) => ({ head: { ...head, phase: undefined }, items })],
    ['no limits', ({ head, items }) => ({ head: { ...head, limits: undefined }, items })],
    ['an invalid time', ({ head, items }) => ({ head: { ...head, updatedAt: 'x' }, items })],
    ['an empty clock', ({ head, items }) => ({ head: { ...head, clock: {} }, items })],
    ['no clock', ({ head, items }) => ({ head: { ...head, clock: null }, items })],
    [
      'an invalid pending response',
      ({ head, items }) => ({ head: { ...head, phase: { ...head.phase, pending: {} } }, items }),
    ],
    [
      'an invalid count',
      ({ head, items }) => ({ head: { ...head, phase: { ...head.phase, failures: null } }, items }),
    ],
    ['an unknown status', ({ head, items }) => ({ head: { ...head, status: 'fine' }, items })],
  ])('is rejected: one with %s', async (_what, damage) => {
    const s = scenario();
    const run = s.start();
    await s.clock.advance(1_000);
    const damaged = throughJson(damage(run.snapshot()));
    const error = await s.rejection(elsewhere(s).resume(s.agent, damaged));
    expect(error).toMatchObject({ name: 'SnapshotError', code: 'unreadable_snapshot' });
  });

  test.each<[string, (snapshot: RunSnapshot) => unknown]>([
    ['no end', ({ head, items }) => ({ head: { ...head, phase: { type: 'done' } }, items })],
    [
      'invalid outputs of calls',
      ({ head, items }) => ({
        head,
        items: items.map((item) => (item.type === 'call' ? { ...item, output: 'x' } : item)),
      }),
    ],
  ])(
    'reading or resuming a saved run with %s fails, and the error has the run’s id',
    async (_what, damage) => {
      const weather = tool({ name: 'weather', parameters: z.object({}), execute: () => 'rain' });
      const s = scenario({ tools: [weather], script: [{ calls: [{ name: 'weather' }] }, { text: answer }] });
      const run = s.start();
      await s.settle(run.result());
      const load = async () => throughJson(damage(run.snapshot()));
      const store = { ...memoryStore({ clock: s.clock }), load };
      const fresh = s.reboot({ store });
      const unreadable = { code: 'unreadable_snapshot', message: expect.stringContaining(run.id) };
      expect(await s.rejection(fresh.read(run.id))).toMatchObject(unreadable);
      expect(await s.rejection(fresh.resume(s.agent, run.id))).toMatchObject(unreadable);
    },
  );
});

describe.each(['memory', 'sqlite'])('a run that a newer version has saved (%s)', (kind) => {
  async function newer() {
    const s = scenario();
    const store =
      kind === 'memory' ? memoryStore({ clock: s.clock }) : sqliteStore({ path: ':memory:', clock: s.clock });
    const run: DrivenRun = s.start();
    await s.clock.advance(1_000);
    const { head, items } = throughJson(run.snapshot());
    const future = { ...head, version: head.version + 1, phase: { type: 'dreaming' } };
    await store.commit(JSON.parse(JSON.stringify({ ...head, head: future, append: items, import: true })));
    return { ...s, store, runner: s.reboot({ store }), runId: run.id, future, items };
  }
  const refused = {
    name: 'SnapshotError',
    code: 'newer_snapshot',
    message: expect.stringContaining('pgrade'),
  };

  test('is not resumed and not changed', async () => {
    const { runner, agent, runId, store, future, items, rejection } = await newer();
    expect(await rejection(runner.resume(agent, runId))).toMatchObject(refused);
    expect(await rejection(runner.resume(agent, throughJson({ head: future, items })))).toMatchObject(
      refused,
    );
    expect(await rejection(runner.resumeAll())).toMatchObject({
      code: 'resume_failed',
      cause: { errors: [refused] },
    });
    expect(await rejection(runner.read(runId))).toMatchObject(refused);
    expect((await store.load(runId))?.head).toMatchObject(future);
    expect(runner.runs).toEqual([]);
  });

  test('is listed', async () => {
    const { runner, runId } = await newer();
    expect(await runner.list()).toMatchObject([{ runId, agent: 'weather' }]);
  });

  test('cannot be continued by a new run', async () => {
    const { runner, agent, runId, rejection } = await newer();
    const error = await rejection(runner.start(agent, 'On.', { continueFrom: runId }).result());
    expect(error).toMatchObject({ code: 'newer_snapshot', cause: { name: 'SnapshotError' } });
  });
});
