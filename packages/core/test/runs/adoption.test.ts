import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { scenario, type Scenario } from '../../test-support/scenario.ts';
import { tool } from '../../src/agent/tool.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { StoreError } from '../../src/errors/store-error.ts';
import type { RunStore } from '../../src/store/run-store.ts';

/** The time within which a runner looks for runs without a process, in milliseconds. */
const lookMs = 16_000;
/** The time within which the claim of a dead process expires. */
const expiryMs = 16_000;

/** A store that is lost to its process: nothing that the process asks is answered. */
function dying(store: RunStore) {
  let isDead = false;
  const dead = new Proxy(store, {
    get: (target, name, receiver) => {
      const own: unknown = Reflect.get(target, name, receiver);
      if (typeof own !== 'function') return own;
      return (...args: unknown[]) =>
        isDead ? new Promise(() => undefined) : Reflect.apply(own, target, args);
    },
  });
  return { store: dead, die: () => void (isDead = true) };
}

function approving(): Scenario & { readonly paid: string[] } {
  const paid: string[] = [];
  const pay = tool({
    name: 'pay',
    parameters: z.object({}),
    needsApproval: true,
    execute: () => void paid.push('paid'),
  });
  const script = [{ calls: [{ name: 'pay', callId: 'call_1' }] }, { text: 'Done.' }];
  return { ...scenario({ script, tools: [pay], runner: { agents: [] } }), paid };
}

describe('a runner adopts a run that no process drives', () => {
  test('if the process that drove it has died, and no process resumes it', async () => {
    const s = scenario({ runner: { agents: [] } });
    const { store, die } = dying(s.store);
    s.reboot({ store, agents: [s.agent] }).start(s.agent, 'Umbrella?', { runId: 'r' });
    await s.clock.advance(3_000);
    die();
    const runner = s.reboot({ agents: [s.agent] });
    await s.clock.advance(expiryMs + lookMs + 60_000);
    expect(runner.get('r')?.view.status).toBe('completed');
    expect(s.executed).toEqual(['Paris']);
    expect(s.emulator.generations).toBe(2);
  });

  test('if another process has detached it, but not in the runner that has detached it', async () => {
    const s = scenario();
    const run = s.start('Umbrella?', { runId: 'r' });
    await s.clock.advance(1_000);
    await s.settle(run.detach());
    await s.clock.advance(60_000);
    expect(run.view.driver).toBe('none');
    s.reboot();
    await s.clock.advance(60_000);
    expect((await s.store.load('r'))?.head.status).toBe('completed');
  });

  test('only if it has the agent of the run', async () => {
    const s = scenario({ runner: { agents: [] } });
    s.start('Umbrella?', { runId: 'r' });
    await s.clock.advance(1_000);
    await s.settle(s.runner.close());
    const before = await s.store.load('r');
    s.reboot({ agents: [defineAgent({ name: 'other', model: 'gpt-6-astra' })] });
    await s.clock.advance(120_000);
    expect(await s.store.load('r')).toEqual(before);
  });

  test('but not a run that waits for a person, until a message waits for it', async () => {
    const s = approving();
    const first = s.reboot({ agents: [s.agent] });
    const run = first.start(s.agent, 'Pay', { runId: 'r' });
    await s.clock.advance(20_000);
    expect(run.view.status).toBe('requires_action');
    await s.settle(first.close());
    const before = await s.store.load('r');
    const runner = s.reboot({ agents: [s.agent] });
    await s.clock.advance(60_000);
    expect(await s.store.load('r')).toEqual(before);
    const watching = s.reboot();
    const followed = await s.settle(watching.follow('r'));
    await s.settle(followed.approve('call_1'));
    await s.clock.advance(60_000);
    expect(s.paid).toEqual(['paid']);
    expect(followed.view.status).toBe('completed');
    expect(runner.get('r')?.view.status).toBe('completed');
  });

  test('once: a run whose driving stops with an error is not tried again and again', async () => {
    const s = scenario({ runner: { agents: [] } });
    let isSignedOut = false;
    const apiKey = (): string => {
      if (isSignedOut) throw new Error('The session is over.');
      return 'key';
    };
    const client = fetchClient({ baseURL: 'http://api.test/v1', apiKey, fetch: s.emulator.fetch });
    const run = s.reboot({ client, agents: [s.agent] }).start(s.agent, 'Umbrella?', { runId: 'r' });
    await s.clock.advance(1_000);
    isSignedOut = true;
    expect(await s.rejection(run.result())).toMatchObject({ code: 'unauthorized' });
    const before = await s.store.load('r');
    await s.clock.advance(600_000);
    expect(await s.store.load('r')).toEqual(before);
    expect(run.view.driver).toBe('none');
  });

  test('again, if driving stopped because the store was not available', async () => {
    const s = scenario({ runner: { agents: [] } });
    let isDown = false;
    const commit: RunStore['commit'] = async (change) => {
      if (isDown) throw new StoreError('unavailable', 'The disk is full.');
      return s.store.commit(change);
    };
    const runner = s.reboot({ store: { ...s.store, commit }, agents: [s.agent] });
    const run = runner.start(s.agent, 'Umbrella?');
    await s.clock.advance(2_500);
    isDown = true;
    expect(await s.rejection(run.result())).toMatchObject({ code: 'unavailable' });
    isDown = false;
    await s.clock.advance(120_000);
    expect(run.view.status).toBe('completed');
  });

  test('again, if the context of its tools was not available', async () => {
    const s = scenario({ runner: { agents: [], context: () => 'user' } });
    s.start('Umbrella?', { runId: 'r' });
    await s.clock.advance(1_000);
    await s.settle(s.runner.close());
    let isDown = true;
    const context = (): string => {
      if (isDown) throw new Error('The database is down.');
      return 'user';
    };
    s.reboot({ agents: [s.agent], context });
    await s.clock.advance(200_000);
    expect((await s.store.load('r'))?.head.status).not.toBe('completed');
    isDown = false;
    await s.clock.advance(200_000);
    expect((await s.store.load('r'))?.head.status).toBe('completed');
  });

  test('immediately after its process has released it, even if a page watches it here', async () => {
    const s = scenario({ runner: { agents: [] } });
    s.start('Umbrella?', { runId: 'r' });
    await s.clock.advance(1_000);
    const runner = s.reboot({ agents: [s.agent] });
    const run = await s.settle(runner.follow('r'));
    await s.settle(s.runner.close());
    await s.clock.advance(1_000);
    expect(run.view.driver).toBe('here');
  });

  test('with a store that has no query for them', async () => {
    const s = scenario({ runner: { agents: [] } });
    for (let run = 0; run < 40; run += 1) s.start('Umbrella?', { runId: `r${run}` });
    await s.clock.advance(1_000);
    await s.settle(s.runner.close());
    const { undriven: _undriven, ...store } = s.store;
    const runner = s.reboot({ store, agents: [s.agent] });
    await s.clock.advance(120_000);
    expect(runner.runs).toHaveLength(40);
    for (const run of runner.runs) expect(run.view.status).toBe('completed');
    expect(s.emulator.generations).toBe(80);
  });

  test('but nothing after it is closed', async () => {
    const s = scenario({ runner: { agents: [] } });
    s.start('Umbrella?', { runId: 'r' });
    await s.clock.advance(1_000);
    await s.settle(s.runner.close());
    const runner = s.reboot({ agents: [s.agent] });
    await s.settle(runner.close());
    await s.clock.advance(60_000);
    expect(runner.runs).toEqual([]);
    expect(s.clock.pending).toBe(0);
  });
});

/** A store whose answers take some time, which differs for each call. */
function slow(store: RunStore, clock: Scenario['clock'], seed: number): RunStore {
  let calls = seed;
  return new Proxy(store, {
    get(target, name, receiver) {
      const own: unknown = Reflect.get(target, name, receiver);
      if (typeof own !== 'function' || name === 'watch' || name === 'publish') return own;
      return async (...args: unknown[]) => {
        calls += 1;
        await clock.sleep((calls * 37) % 90);
        const answer: unknown = await Reflect.apply(own, target, args);
        await clock.sleep((calls * 53) % 70);
        return answer;
      };
    },
  });
}

describe('of several processes that adopt the same runs', () => {
  test('one drives each run, and the others forget it', async () => {
    const s = scenario({ runner: { agents: [] } });
    for (let run = 0; run < 12; run += 1) s.start('Umbrella?', { runId: `r${run}` });
    await s.clock.advance(1_000);
    await s.settle(s.runner.close());
    const runners = [1, 2, 3].map((seed) =>
      s.reboot({ store: slow(s.store, s.clock, seed), agents: [s.agent] }),
    );
    await s.clock.advance(20_000);
    const handles = runners.flatMap((runner) => runner.runs.map((run) => run.id));
    expect(handles.toSorted()).toEqual(Array.from({ length: 12 }, (_, run) => `r${run}`).toSorted());
    await s.clock.advance(120_000);
    for (let run = 0; run < 12; run += 1)
      expect((await s.store.load(`r${run}`))?.head.status).toBe('completed');
    expect(s.executed).toHaveLength(12);
    expect(s.emulator.generations).toBe(24);
  });

  test('a process keeps a run that a page watches, and only shows it', async () => {
    const s = scenario({ runner: { agents: [] } });
    s.start('Umbrella?', { runId: 'r' });
    await s.clock.advance(1_000);
    await s.settle(s.runner.close());
    const runners = [1, 2].map((seed) =>
      s.reboot({ store: slow(s.store, s.clock, seed), agents: [s.agent] }),
    );
    const shown = await s.settle(Promise.all(runners.map((runner) => runner.follow('r'))));
    await s.clock.advance(20_000);
    expect(shown.map(({ view }) => view.driver).toSorted()).toEqual(['elsewhere', 'here']);
    const watching = runners.find((runner) => runner.get('r')?.view.driver === 'elsewhere');
    watching?.unfollow('r');
    await s.quiet();
    expect(watching?.get('r')).toBeUndefined();
  });

  test('a run is driven once although `resumeAll` resumes it at the same time', async () => {
    const s = scenario({ runner: { agents: [] } });
    for (let run = 0; run < 12; run += 1) s.start('Umbrella?', { runId: `r${run}` });
    await s.clock.advance(1_000);
    await s.settle(s.runner.close());
    const runner = s.reboot({ store: slow(s.store, s.clock, 1), agents: [s.agent] });
    // The first query of the runner for such runs happens at the same time.
    await s.clock.advance(14_990);
    const resumed = await s.settle(runner.resumeAll());
    expect(resumed).toHaveLength(12);
    await s.clock.advance(120_000);
    for (const run of resumed) expect(run.view.status).toBe('completed');
    expect(s.executed).toHaveLength(12);
    expect(s.emulator.generations).toBe(24);
  });
});
