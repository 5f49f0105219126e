import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { scenario, type Scenario, type ScenarioOptions } from '../../test-support/scenario.ts';
import { tool } from '../../src/agent/tool.ts';
import type { RunStore } from '../../src/store/run-store.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { ContextRequest } from '../../src/run/driving-runner.ts';

const user = z.object({});

/** A scenario whose model calls `who` twice, with an approval before the second call. */
function asking(options: ScenarioOptions = {}) {
  const seen: unknown[] = [];
  const who = tool({
    name: 'who',
    parameters: user,
    execute: (_args, { context }) => void seen.push(context),
  });
  const pay = tool({
    name: 'pay',
    parameters: user,
    needsApproval: true,
    execute: (_args, { context }) => void seen.push(context),
  });
  const script = [
    { calls: [{ name: 'who', callId: 'call_1' }] },
    { calls: [{ name: 'pay', callId: 'call_2' }] },
    { text: 'Done.' },
  ];
  return { ...scenario({ script, tools: [who, pay], ...options }), seen };
}

async function untilWaiting(s: Scenario, view: () => { readonly status: string }): Promise<void> {
  for (let steps = 0; view().status !== 'requires_action'; steps += 1) {
    if (steps > 1_000) throw new Error('The run does not wait.');
    await s.clock.advance(1_000);
  }
}

describe('the context that the runner provides', () => {
  test('is asked for the owner, the metadata and the untrusted metadata of the run, before it starts', async () => {
    const asked: ContextRequest[] = [];
    const context = (request: ContextRequest): unknown => {
      asked.push(request);
      return { user: request.owner };
    };
    const s = asking({ runner: { context } });
    const run = s.start('Who?', {
      runId: 'r',
      owner: 'ann',
      metadata: { plan: 'gold' },
      untrusted: { page: 'cart' },
    });
    expect(s.sent()).toEqual([]);
    await untilWaiting(s, () => run.view);
    expect(asked).toEqual([
      { runId: 'r', agent: 'weather', owner: 'ann', metadata: { plan: 'gold' }, untrusted: { page: 'cart' } },
    ]);
    expect(s.seen).toEqual([{ user: 'ann' }]);
    expect(JSON.stringify(s.creates())).not.toContain('cart');
  });

  test('is asked again after the run has waited for a person, because rights change', async () => {
    let rights = 'all';
    const s = asking({ runner: { context: () => rights } });
    const run = s.start();
    await untilWaiting(s, () => run.view);
    rights = 'none';
    await s.settle(run.approve('call_2'));
    await s.settle(run.result());
    expect(s.seen).toEqual(['all', 'none']);
  });

  test('is asked by each process that begins to drive the run', async () => {
    const s = asking({ runner: { context: () => 'first' } });
    const run = s.start();
    await s.clock.advance(3_000);
    await s.settle(s.runner.close());
    const runner = s.reboot({ context: () => 'second' });
    const [again] = await s.settle(runner.resumeAll());
    await untilWaiting(s, () => again?.view ?? run.view);
    expect(s.seen).toEqual(['second']);
  });

  test('is not used if `start` or `resume` has a context', async () => {
    const s = asking({ runner: { context: () => 'runner' } });
    const run = s.start('Who?', { context: 'own' });
    await untilWaiting(s, () => run.view);
    const other = await s.settle(s.reboot().resume(s.agent, run.id, { context: 'resumed' }));
    await s.settle(other.approve('call_2'));
    await s.settle(other.result());
    expect(s.seen).toEqual(['own', 'resumed']);
  });

  test('is asked again while the function throws, and the run sends nothing before it has one', async () => {
    let failures = 3;
    const context = (): unknown => {
      if (failures-- > 0) throw new Error('The database is down.');
      return 'here';
    };
    const s = asking({ runner: { context } });
    const run = s.start();
    await s.quiet();
    expect(s.sent()).toEqual([]);
    await untilWaiting(s, () => run.view);
    expect(s.seen).toEqual(['here']);
  });

  test('stops driving with `context_failed` if the function fails for a minute; the run can be resumed', async () => {
    const cause = new Error('The database is down.');
    let isDown = false;
    const context = async (): Promise<string> => {
      if (isDown) throw cause;
      return 'here';
    };
    const s = asking({ runner: { context } });
    const run = s.start();
    await untilWaiting(s, () => run.view);
    isDown = true;
    const approved = s.rejection(run.approve('call_2'));
    const stopped = await s.rejection(run.result());
    expect(stopped).toMatchObject({ code: 'context_failed' });
    expect(await approved).toMatchObject({ code: 'context_failed' });
    expect(run.view).toMatchObject({ status: 'requires_action', driver: 'none' });
    isDown = false;
    const again = await s.settle(s.runner.resume(s.agent, run.id));
    await s.settle(again.approve('call_2'));
    expect((await s.settle(again.result())).text).toBe('Done.');
  });

  test('may be a function that never answers: driving stops, and a detach does not wait for it', async () => {
    const s = asking({ runner: { context: () => new Promise(() => undefined) } });
    const run = s.start();
    await s.clock.advance(1_000);
    await s.settle(run.detach());
    expect(s.sent()).toEqual([]);
    const late = s.runner.start(s.agent, 'Again');
    expect(await s.rejection(late.result())).toMatchObject({ code: 'context_failed' });
    expect(s.sent()).toEqual([]);
  });

  test('does not delay a cancel: a run that is cancelled before it has a context sends nothing', async () => {
    const s = asking({ runner: { context: () => new Promise(() => undefined) } });
    const run = s.start();
    await s.quiet();
    expect(await s.settle(run.cancel())).toMatchObject({ status: 'cancelled' });
    expect(s.sent()).toEqual([]);
  });
});

describe('a run that was started with a context is not driven without one', () => {
  test('of its own: resumeAll reports it and does not change the run, and `resume` with a context drives it', async () => {
    const s = asking({ runner: { context: () => 'runner' } });
    const run = s.start('Who?', { runId: 'r', context: 'own' });
    await s.clock.advance(1_000);
    await s.settle(s.runner.close());
    const before = await s.store.load('r');
    const runner = s.reboot();
    const error = await s.rejection(runner.resumeAll());
    expect(error).toMatchObject({
      code: 'resume_failed',
      message: expect.stringContaining('Run r was started'),
    });
    expect(error).toHaveProperty('cause.errors.0.code', 'context_missing');
    await s.clock.advance(120_000);
    expect(await s.store.load('r')).toEqual(before);
    const again = await s.settle(runner.resume(s.agent, 'r', { context: 'mine' }));
    await untilWaiting(s, () => again.view);
    expect(s.seen).toEqual(['mine']);
    expect(run.view.status).not.toBe('requires_action');
  });

  test('of the runner: a runner without the function, or whose function returns undefined, does not drive it', async () => {
    const s = asking({ runner: { context: () => 'runner' } });
    s.start('Who?', { runId: 'r' });
    await s.clock.advance(1_000);
    await s.settle(s.runner.close());
    const before = await s.store.load('r');
    for (const context of [undefined, () => undefined]) {
      const runner = s.reboot({ context });
      const error = await s.rejection(runner.resume(s.agent, 'r'));
      expect(error).toMatchObject({ code: 'context_missing' });
      await s.clock.advance(120_000);
      await s.settle(runner.close());
    }
    expect(await s.store.load('r')).toEqual(before);
    expect(s.seen).toEqual([]);
  });

  test('but a run that was started without one is: `undefined` means none', async () => {
    const s = asking({ runner: { context: () => undefined } });
    const run = s.start();
    await untilWaiting(s, () => run.view);
    const [again] = await s.settle(s.reboot().resumeAll());
    await s.settle(again?.approve('call_2') ?? Promise.reject(new Error('no run')));
    await s.settle(run.result());
    expect(s.seen).toEqual([undefined, undefined]);
  });
});

describe('a run whose context is not provided', () => {
  const never = (): Promise<unknown> => new Promise(() => undefined);

  test('is cancelled by a page, although it was started with a context of its own', async () => {
    const s = asking({ runner: { context: () => 'runner' } });
    s.start('Who?', { runId: 'r', context: 'own' });
    await s.clock.advance(3_000);
    await s.settle(s.runner.close());
    const runner = s.reboot();
    await s.clock.advance(60_000);
    expect(runner.get('r')).toBeUndefined();
    const followed = await s.settle(runner.follow('r'));
    expect(await s.settle(followed.cancel())).toMatchObject({ status: 'cancelled' });
    expect(s.seen).toEqual([]);
  });

  test('is cancelled by a page that another process serves', async () => {
    const s = asking({ runner: { context: () => 'runner' } });
    s.start('Who?', { runId: 'r' });
    await s.clock.advance(3_000);
    await s.settle(s.runner.close());
    s.reboot({ context: never });
    await s.clock.advance(20_000);
    const followed = await s.settle(s.reboot({ agents: [] }).follow('r'));
    const before = s.clock.now();
    expect(await s.settle(followed.cancel())).toMatchObject({ status: 'cancelled' });
    expect(s.clock.now() - before).toBeLessThan(30_000);
    expect(s.seen).toEqual([]);
  });

  test('is cancelled by the next process if its process dies during the cancel', async () => {
    const s = asking({ runner: { context: () => 'runner' } });
    let isDead = false;
    const commit: RunStore['commit'] = async (change) => {
      if (isDead) return new Promise(() => undefined);
      isDead = change.head.status === 'cancelling';
      return s.store.commit(change);
    };
    const claim: RunStore['claim'] = async (...args) =>
      isDead ? new Promise(() => undefined) : (s.store.claim?.(...args) ?? false);
    const { renew: _renew, ...store } = s.store;
    const run = s
      .reboot({ store: { ...store, commit, claim }, agents: [] })
      .start(s.agent, 'Who?', { runId: 'r', context: 'own' });
    await s.clock.advance(1_000);
    run.cancel().catch(() => undefined);
    await s.clock.advance(1_000);
    expect((await s.store.load('r'))?.head.status).toBe('cancelling');
    await s.clock.advance(120_000);
    expect((await s.store.load('r'))?.head.status).toBe('cancelled');
    expect(s.seen).toEqual([]);
  });

  test('is shown immediately while its process waits for the context', async () => {
    const s = asking({ runner: { context: () => 'runner' } });
    s.start('Who?', { runId: 'r' });
    await s.clock.advance(3_000);
    await s.settle(s.runner.close());
    const runner = s.reboot({ context: never });
    await s.clock.advance(16_000);
    const before = s.clock.now();
    const followed = await s.settle(runner.follow('r'));
    expect(s.clock.now()).toBe(before);
    expect(followed.view.driver).toBe('here');
  });

  test('does not block the adoption of other runs', async () => {
    const s = asking({ runner: { context: () => 'runner' } });
    for (let run = 0; run < 40; run += 1) s.start('Who?', { runId: `r${run}` });
    await s.clock.advance(1_000);
    await s.settle(s.runner.close());
    const context = ({ runId }: ContextRequest): unknown => (Number(runId.slice(1)) < 32 ? never() : 'here');
    const runner = s.reboot({ context });
    await s.clock.advance(60_000);
    for (let run = 32; run < 40; run += 1) expect(runner.get(`r${run}`)?.view.status).toBe('requires_action');
  });

  test('does not execute a call that another process approves', async () => {
    let isDown = false;
    const s = asking({ runner: { context: () => (isDown ? never() : 'first') } });
    const run = s.start('Who?', { runId: 'r' });
    await untilWaiting(s, () => run.view);
    isDown = true;
    const other = await s.settle(s.reboot({ agents: [] }).follow('r'));
    other.approve('call_2').catch(() => undefined);
    await s.clock.advance(40_000);
    expect(run.view.driver).toBe('here');
    expect(s.seen).toEqual(['first']);
  });

  test('keeps the messages that arrive in the meantime, and processes them with the context', async () => {
    const s = asking({ runner: { context: () => 'first' } });
    const run = s.start('Who?', { runId: 'r' });
    await untilWaiting(s, () => run.view);
    await s.settle(s.runner.close());
    const { promise, resolve } = Promise.withResolvers<unknown>();
    s.reboot({ context: () => promise });
    const followed = await s.settle(s.reboot({ agents: [] }).follow('r'));
    const approved = followed.approve('call_2');
    await s.clock.advance(5_000);
    expect(s.seen).toEqual(['first']);
    resolve('second');
    await s.settle(approved);
    await s.settle(followed.done());
    expect(s.seen).toEqual(['first', 'second']);
  });
});

test('with a store without claims, the context is asked again after the run has waited for a person', async () => {
  const { claim: _claim, renew: _renew, release: _release, ...store } = memoryStore();
  let rights = 'all';
  const s = asking({ runner: { store, context: () => rights } });
  const run = s.start();
  await untilWaiting(s, () => run.view);
  rights = 'none';
  await s.settle(run.approve('call_2'));
  await s.settle(run.result());
  expect(s.seen).toEqual(['all', 'none']);
});
