import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { scenario, type Scenario } from '../../test-support/scenario.ts';
import { tool } from '../../src/agent/tool.ts';
import { StoreError } from '../../src/errors/store-error.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { RunStore } from '../../src/store/run-store.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { manualClock } from '../../src/testing/index.ts';

const answer = 'Leave the umbrella at home.';
const ask = tool({ name: 'ask', parameters: z.object({ question: z.string() }) });
const asking = {
  script: [
    { calls: [{ name: 'ask', arguments: { question: 'When?' }, callId: 'call_1' }] },
    { text: 'Thanks.' },
  ],
  tools: [ask],
};

/** A scenario whose run waits for a person. */
async function waiting(options: Parameters<typeof scenario>[0] = {}): Promise<Scenario & { runId: string }> {
  const s = scenario({ ...asking, ...options });
  const { id } = s.start('Ask me.');
  await s.clock.advance(30_000);
  expect(s.runner.get(id)?.view.status).toBe('requires_action');
  return { ...s, runId: id };
}

describe('resume', () => {
  test('returns the same Run for the same id, as `resumeAll` and `get` do', async () => {
    const s = scenario();
    const run = s.start();
    await s.clock.advance(1_000);
    const runs = await s.settle(
      Promise.all([
        s.runner.resume(s.agent, run.id),
        s.runner.resume('weather', run.id),
        s.runner.resume(s.agent, run.snapshot()),
        s.runner.resumeAll().then(([first]) => first),
      ]),
    );
    for (const one of runs) expect(one).toBe(run);
    expect(s.runner.get(run.id)).toBe(run);
    expect((await s.settle(run.result())).text).toBe(answer);
    expect(s.emulator.generations).toBe(2);
  });

  test('returns one Run for two concurrent calls in a new process, and its effects happen once', async () => {
    const s = scenario();
    const run = s.start();
    await s.clock.advance(3_000);
    await s.settle(run.detach());
    const fresh = s.reboot();
    const [one, other] = await s.settle(
      Promise.all([fresh.resume(s.agent, run.id), fresh.resume(s.agent, run.id)]),
    );
    expect(other).toBe(one);
    expect((await s.settle(one.result())).text).toBe(answer);
    expect(s.executed).toEqual(['Paris']);
    expect(s.creates()).toHaveLength(2);
  });

  test('sets its context on a run that was detached in this process, and returns the same Run', async () => {
    const seen: unknown[] = [];
    const getWeather = tool({
      name: 'get_weather',
      parameters: z.object({ city: z.string() }),
      execute: (_args, { context }) => void seen.push(context),
    });
    const s = scenario({ tools: [getWeather] });
    const run = s.start('Umbrella?', { context: 'old' });
    await s.clock.advance(1_000);
    await s.settle(run.detach());
    const again = await s.settle(s.runner.resume(s.agent, run.id, { context: 'new' }));
    expect(again).toBe(run);
    await s.settle(again.result());
    expect(seen).toEqual(['new']);
  });

  test('keeps the run’s context if it is called without one', async () => {
    const seen: unknown[] = [];
    const getWeather = tool({
      name: 'get_weather',
      parameters: z.object({ city: z.string() }),
      execute: (_args, { context }) => void seen.push(context),
    });
    const s = scenario({ tools: [getWeather] });
    const run = s.start('Umbrella?', { context: 'mine' });
    await s.clock.advance(1_000);
    await s.settle(run.detach());
    await s.settle(s.runner.resume(s.agent, run.id));
    await s.settle(run.result());
    expect(seen).toEqual(['mine']);
  });

  test('sets its context on a run that waits for a person in this process', async () => {
    const seen: unknown[] = [];
    const save = tool({
      name: 'ask',
      parameters: z.object({ question: z.string() }),
      needsApproval: true,
      execute: (_args, { context }) => void seen.push(context),
    });
    const s = await waiting({ tools: [save] });
    const run = await s.settle(s.runner.resume(s.agent, s.runId, { context: 'the one who approves' }));
    await s.clock.advance(1);
    expect(run.view).toMatchObject({ status: 'requires_action', driver: 'none' });
    await s.settle(run.approve('call_1'));
    expect((await s.settle(run.result())).text).toBe('Thanks.');
    expect(seen).toEqual(['the one who approves']);
  });

  test('does not change the view of a run that this process drives', async () => {
    const s = scenario();
    const run = s.start();
    await s.clock.advance(1_000);
    const before = run.view;
    await s.settle(s.runner.resume(s.agent, run.id, { context: 'other' }));
    expect(run.view).toBe(before);
  });
});

describe('a run that waits for a person', () => {
  test.each(['memory', 'sqlite'])(
    'has no claim, so that another process can decide immediately (%s)',
    async (kind) => {
      const clock = manualClock(1_770_000_000_000);
      const store: RunStore =
        kind === 'memory' ? memoryStore({ clock }) : sqliteStore({ path: ':memory:', clock });
      const s = await waiting({ clock, runner: { store } });
      expect(await store.claim?.(s.runId, 'somebody', 1)).toBe(true);
      await store.release?.(s.runId, 'somebody');
      const there = await s.settle(s.reboot().resume(s.agent, s.runId));
      await s.settle(there.submitToolOutput('call_1', 'Now.'));
      expect((await s.settle(there.result())).text).toBe('Thanks.');
      // The process that started the run follows it to its end.
      expect(
        (await s.settle(s.runner.get(s.runId)?.result() ?? Promise.reject(new Error('gone')))).text,
      ).toBe('Thanks.');
      expect(s.emulator.generations).toBe(2);
    },
  );
});

test('a run that waited for a person is not driven again after it ended in another process', async () => {
  const clock = manualClock(1_770_000_000_000);
  // Without notices, as between processes, the runner finds the end by a load, after the claim is released.
  const { watch: _watch, publish: _publish, ...store } = memoryStore({ clock });
  const s = await waiting({ clock, runner: { store } });
  const here = s.runner.get(s.runId);
  const there = await s.settle(s.reboot().resume(s.agent, s.runId));
  await s.settle(there.cancel());
  await s.clock.advance(20_000);
  expect(here?.view).toMatchObject({ status: 'cancelled', driver: 'none' });
});

describe('a runner that was closed', () => {
  test('has released its claims when `close` resolves, so that the next process does not wait', async () => {
    const clock = manualClock();
    const memory = memoryStore({ clock });
    const store: RunStore = {
      ...memory,
      release: async (runId, owner) => {
        await clock.sleep(50);
        await memory.release(runId, owner);
      },
    };
    const s = scenario({ clock, runner: { store } });
    const run = s.start();
    await clock.advance(1_000);
    await s.settle(s.runner.close());
    expect(await memory.claim(run.id, 'the next process', 1_000)).toBe(true);
  });

  test('closes within 5 seconds if the release of a claim never settles', async () => {
    const clock = manualClock();
    const release = (): Promise<never> => new Promise(() => undefined);
    const s = scenario({ clock, runner: { store: { ...memoryStore({ clock }), release } } });
    s.start();
    await clock.advance(1_000);
    const began = clock.now();
    await s.settle(s.runner.close());
    expect(clock.now() - began).toBeLessThan(5_000);
  });

  test('closes within 15 seconds if a save never settles', async () => {
    const clock = manualClock();
    const memory = memoryStore({ clock });
    let answers = true;
    const commit: RunStore['commit'] = (change) =>
      answers ? memory.commit(change) : new Promise(() => undefined);
    const s = await waiting({ clock, runner: { store: { ...memory, commit } } });
    answers = false;
    s.runner
      .get(s.runId)
      ?.cancel()
      .catch(() => undefined);
    await s.quiet();
    const began = clock.now();
    await s.settle(s.runner.close());
    expect(clock.now() - began).toBeLessThan(15_000);
    expect(s.runner.get(s.runId)?.view).toMatchObject({ status: 'requires_action', driver: 'none' });
  });

  test('rejects tool outputs and cancels, and sends no request', async () => {
    const s = await waiting();
    const run = s.runner.get(s.runId);
    await s.settle(s.runner.close());
    const sent = s.sent().length;
    const closed = { code: 'configuration', message: expect.stringContaining('closed') };
    expect(await s.rejection(run?.submitToolOutput('call_1', 'Now.') ?? Promise.resolve())).toMatchObject(
      closed,
    );
    expect(await s.rejection(run?.cancel() ?? Promise.resolve())).toMatchObject(closed);
    await s.clock.advance(600_000);
    expect(s.sent()).toHaveLength(sent);
    expect((await s.store.load(s.runId))?.head.status).toBe('requires_action');
  });

  test('does not resume a run that was loading during the close', async () => {
    const s = await waiting();
    const loaded = Promise.withResolvers<void>();
    const store: RunStore = {
      ...s.store,
      load: async (runId) => {
        await loaded.promise;
        return s.store.load(runId);
      },
    };
    const runner = s.reboot({ store });
    const resumed = s.rejection(runner.resume(s.agent, s.runId));
    await s.quiet();
    const closed = runner.close();
    loaded.resolve();
    expect(await resumed).toMatchObject({ code: 'configuration' });
    await closed;
    expect(runner.runs).toEqual([]);
  });
});

test('a run whose cancel is saved during its detach is cancelled in the store and in its view', async () => {
  const clock = manualClock();
  const memory = memoryStore({ clock });
  const saving = { ms: 0 };
  const store: RunStore = {
    ...memory,
    commit: async (change) => {
      await clock.sleep(saving.ms);
      await memory.commit(change);
    },
  };
  const s = await waiting({ clock, runner: { store } });
  const run = s.runner.get(s.runId);
  const done = run?.done();
  saving.ms = 100;
  void run?.cancel();
  await s.quiet();
  await s.settle(run?.detach({ graceMs: 10 }) ?? Promise.resolve());
  expect((await s.store.load(s.runId))?.head.status).toBe('cancelled');
  expect(await s.settle(done ?? Promise.reject(new Error('gone')))).toMatchObject({
    status: 'cancelled',
    driver: 'none',
  });
});

describe('listeners and stores of the application', () => {
  test('a throwing listener of the runner does not stop the run, and its error is reported', async () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const s = scenario();
    const listener = vi.fn();
    s.runner.subscribe(() => {
      throw new Error('mine');
    });
    s.runner.subscribe(listener);
    expect((await s.settle(s.start().result())).text).toBe(answer);
    expect(listener).toHaveBeenCalled();
    expect(reported).toHaveBeenCalledWith(expect.any(String), expect.objectContaining({ message: 'mine' }));
    reported.mockRestore();
  });

  test('a runner works with a store whose `claim` and `release` are synchronous', async () => {
    const clock = manualClock();
    const memory = memoryStore({ clock });
    const owners = new Map<string, string>();
    const store: RunStore = Object.assign(Object.create(null), memory, {
      watch: undefined,
      claim: (runId: string, owner: string) => {
        const current = owners.get(runId) ?? owner;
        owners.set(runId, current);
        return current === owner;
      },
      release: (runId: string) => void owners.delete(runId),
    });
    const s = scenario({ clock, emulator: { runMs: 60_000 }, runner: { store } });
    expect((await s.settle(s.start().result())).text).toBe(answer);
    await s.quiet();
    expect(owners.size).toBe(0);
  });

  test('a runner works with a store that returns null for a missing run', async () => {
    const clock = manualClock();
    const memory = memoryStore({ clock });
    const store: RunStore = Object.assign(Object.create(null), memory, {
      load: async (runId: string) => (await memory.load(runId)) ?? null,
    });
    const s = scenario({ clock, runner: { store } });
    const unknown = { code: 'configuration', message: expect.stringContaining('nobody') };
    await expect(s.runner.resume(s.agent, 'nobody')).rejects.toMatchObject(unknown);
    expect(await s.rejection(s.start('On.', { continueFrom: 'nobody' }).result())).toMatchObject(unknown);
    expect(await s.runner.read('nobody')).toBeUndefined();
    await s.runner.delete('nobody');
    const run = s.start();
    expect((await s.settle(run.result())).text).toBe(answer);
    const imported = await s.settle(s.reboot().resume(s.agent, run.snapshot()));
    expect(imported.view.text).toBe(answer);
  });

  test('a store that cannot renew or release a claim does not stop the run', async () => {
    const clock = manualClock();
    const memory = memoryStore({ clock });
    let claims = 0;
    const store: RunStore = {
      ...memory,
      claim: (runId, owner, ttlMs) => {
        if (claims++ > 0) throw new StoreError('unavailable', 'away');
        return memory.claim(runId, owner, ttlMs);
      },
      release: () => {
        throw new StoreError('unavailable', 'away');
      },
    };
    const s = scenario({ clock, emulator: { runMs: 60_000 }, runner: { store } });
    expect((await s.settle(s.start().result())).text).toBe(answer);
  });

  test('a runner can delete a damaged run', async () => {
    const s = scenario();
    const deleted = vi.fn(async () => undefined);
    const store: RunStore = { ...s.store, load: async () => JSON.parse('{}'), delete: deleted };
    await s.reboot({ store }).delete('damaged');
    expect(deleted).toHaveBeenCalledWith('damaged');
  });
});
