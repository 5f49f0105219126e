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

/** A scenario whose call needs an approval, on a store that fails in call number `at` of `method`, counted from 0. */
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
  ['a rejection', () => Promise.reject(new TypeError('disk full'))],
  [
    'a synchronous error',
    () => {
      throw new RangeError('disk full');
    },
  ],
  ['a conflict', () => Promise.reject(new StoreError('conflict', 'disk full'))],
];

describe.each(failures)('a store that fails with %s', (_name, fail) => {
  test.each(['commit', 'load', 'claim', 'release', 'receive'] as const)(
    'in any call of %s: the run completes, or driving stops with the error',
    async (method) => {
      let at = 0;
      for (; at < 40; at += 1) {
        const s = failing(method, at, fail);
        const run = s.start('Save it.', { runId: 'run-1' });
        await s.clock.advance(60_000);
        // The run waits and its claim is released, so the decision claims it again.
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
        // After the store recovers, the run resumes without loss.
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
  /** Six runs of two agents, started in three pairs. The oldest pair has completed. */
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

  test('returns summaries, sorted by newest first, then by id', async () => {
    const { runner, ids } = await listed();
    expect(await ids()).toEqual(newest);
    const [first] = await runner.list();
    const run = runner.get('run-60001-a');
    expect(first).toEqual({
      runId: 'run-60001-a',
      agent: 'other',
      threadId: 'run-60001-a',
      metadata: {},
      input: run?.view.input,
      status: 'queued',
      revision: run?.snapshot().head.revision,
      usage: run?.view.usage,
      createdAt: run?.view.createdAt,
      updatedAt: run?.view.updatedAt,
    });
  });

  test.each<[string, RunFilter, readonly string[]]>([
    ['a status', { status: 'completed' }, newest.slice(4)],
    ['several statuses', { status: ['completed', 'queued'] }, newest],
    ['no status', { status: [] }, []],
    ['an agent', { agent: 'other' }, newest.filter((id) => id.endsWith('a'))],
    ['an unknown agent', { agent: 'unknown' }, []],
    ['a limit', { limit: 2 }, newest.slice(0, 2)],
    ['a cursor', { after: 'run-60001-b' }, newest.slice(2)],
    ['the last run as the cursor', { after: 'run-0-b' }, []],
    ['an unknown run as the cursor', { after: 'run-2' }, []],
    ['all filters', { status: 'queued', agent: 'weather', after: 'run-60001-a', limit: 1 }, ['run-60001-b']],
  ])('filters by %s', async (_what, filter, expected) => {
    const { ids } = await listed();
    expect(await ids(filter)).toEqual(expected);
  });

  test('returns each run once over all pages', async () => {
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
