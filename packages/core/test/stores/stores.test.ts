import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { scenario } from '../../test-support/scenario.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';
import { LonghaulError } from '../../src/errors/longhaul-error.ts';
import { StoreError } from '../../src/errors/store-error.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { RunFilter, RunStore } from '../../src/store/run-store.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { manualClock } from '../../src/testing/index.ts';

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('unhandledRejection', note);
});

function causesOf(error: unknown): unknown[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [error];
}

const save = tool({
  name: 'save',
  parameters: z.object({ note: z.string() }),
  needsApproval: true,
  execute: () => 'saved',
});
const script = [
  { calls: [{ name: 'save', arguments: { note: 'x' }, callId: 'call_1' }] },
  { text: 'Saved.' },
];

/** A run that waits for an approval, on a store whose `at`-th use of a method goes wrong. */
function failing(method: keyof RunStore, at: number, fail: () => unknown) {
  const clock = manualClock(1_770_000_000_000);
  const memory = memoryStore({ clock });
  let uses = 0;
  const broken = { hit: false };
  const store = new Proxy(memory, {
    get(target, name, receiver) {
      const own: unknown = Reflect.get(target, name, receiver);
      if (name !== method || typeof own !== 'function') return own;
      return (...args: unknown[]) => {
        if (uses++ !== at) return Reflect.apply(own, target, args);
        broken.hit = true;
        return fail();
      };
    },
  });
  const s = scenario({ clock, script, tools: [save], runner: { store } });
  return { ...s, memory, broken };
}

const failures: [string, () => unknown][] = [
  ['an error of its own', () => Promise.reject(new TypeError('disk full'))],
  [
    'at once, not by its promise',
    () => {
      throw new RangeError('disk full');
    },
  ],
  ['a conflict', () => Promise.reject(new StoreError('conflict', 'disk full'))],
];

describe.each(failures)('a store that fails with %s', (_name, fail) => {
  test.each(['commit', 'load', 'claim', 'release', 'receive'] as const)(
    'wherever it is used (%s): the run ends as ever, or driving stops and says why',
    async (method) => {
      let at = 0;
      for (; at < 40; at += 1) {
        const s = failing(method, at, fail);
        const run = s.start('Save it.', { runId: 'run-1' });
        await s.clock.advance(60_000);
        // The run rests by now: the decision makes this process take its claim again.
        const approve = (): Promise<void> => run.approve('call_1');
        if (run.view.status === 'requires_action')
          approve()
            .catch(approve)
            .catch(() => undefined);
        await s.clock.advance(120_000);
        if (!s.broken.hit) break;
        const where = `${method} ${at}`;
        if (run.view.status !== 'completed') {
          const error = await s.rejection(run.result());
          expect(LonghaulError.isInstance(error), where).toBe(true);
          expect(
            causesOf(error).some((one) => StoreError.isInstance(one)),
            where,
          ).toBe(true);
          expect(causesOf(error).map(String).join(), where).toContain('disk full');
          expect(run.view.driver, where).toBe('none');
          const sent = s.sent().length;
          await s.clock.advance(600_000);
          expect(s.sent(), where).toHaveLength(sent);
        }
        expect(unhandled, where).toEqual([]);
        // Once the store is well again, nothing has been lost.
        if ((await s.memory.load('run-1')) === undefined) continue;
        const again = await s.settle(s.reboot({ store: s.memory }).resume(s.agent, 'run-1'));
        await s.clock.advance(60_000);
        if (again.view.status === 'requires_action') await s.settle(again.approve('call_1'));
        expect((await s.settle(again.result())).text, where).toBe('Saved.');
      }
      expect(at).toBeGreaterThan(1);
    },
  );
});

describe.each(['memory', 'sqlite'])('runner.list (%s)', (kind) => {
  /** Six runs, two at a time, of two agents: the oldest two are over. */
  async function listed() {
    const clock = manualClock(1_770_000_000_000);
    const store: RunStore =
      kind === 'memory' ? memoryStore({ clock }) : sqliteStore({ path: ':memory:', clock });
    const s = scenario({ clock, script: [{ text: 'Hi.' }], tools: [], runner: { store, mode: 'poll' } });
    const other = defineAgent({ name: 'other', model: 'm' });
    for (const at of [0, 60_000, 1]) {
      await clock.advance(at);
      const name = `run-${clock.now() % 1_000_000}`;
      s.start('Hi', { runId: `${name}-b` });
      s.runner.start(other, 'Hi', { runId: `${name}-a` });
      await clock.advance(0);
    }
    return {
      ...s,
      ids: async (filter?: RunFilter) => (await s.runner.list(filter)).map(({ runId }) => runId),
    };
  }
  const newest = ['run-60001-a', 'run-60001-b', 'run-60000-a', 'run-60000-b', 'run-0-a', 'run-0-b'];

  test('gives summaries, newest first, then by id', async () => {
    const { runner, ids } = await listed();
    expect(await ids()).toEqual(newest);
    const [first] = await runner.list();
    const run = runner.get('run-60001-a');
    expect(first).toEqual({
      runId: 'run-60001-a',
      agent: 'other',
      status: 'queued',
      revision: run?.snapshot().head.revision,
      createdAt: run?.view.createdAt,
      updatedAt: run?.view.updatedAt,
    });
  });

  test.each<[string, RunFilter, readonly string[]]>([
    ['a status', { status: 'completed' }, newest.slice(4)],
    ['several', { status: ['completed', 'queued'] }, newest],
    ['none', { status: [] }, []],
    ['an agent', { agent: 'other' }, newest.filter((id) => id.endsWith('a'))],
    ['an unknown agent', { agent: 'nobody' }, []],
    ['a limit', { limit: 2 }, newest.slice(0, 2)],
    ['where to go on', { after: 'run-60001-b' }, newest.slice(2)],
    ['the last one', { after: 'run-0-b' }, []],
    ['one that is gone', { after: 'run-2' }, []],
    ['all of it', { status: 'queued', agent: 'weather', after: 'run-60001-a', limit: 1 }, ['run-60001-b']],
  ])('by %s', async (_what, filter, expected) => {
    const { ids } = await listed();
    expect(await ids(filter)).toEqual(expected);
  });

  test('page by page has each run once', async () => {
    const { ids } = await listed();
    const pages: string[] = [];
    for (
      let page = await ids({ limit: 4 });
      page.length > 0;
      page = await ids({ limit: 4, after: pages.at(-1) ?? '' })
    )
      pages.push(...page);
    expect(pages).toEqual(newest);
  });
});
