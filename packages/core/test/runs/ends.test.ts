import * as z from 'zod';
import { describe, expect, test, vi } from 'vitest';
import { eventsOf, scenario, type Scenario, type ScenarioOptions } from '../../test-support/scenario.ts';
import { tool } from '../../src/agent/tool.ts';
import {
  RunCancelledError,
  RunFailedError,
  RunIncompleteError,
  RunLimitError,
} from '../../src/run/run-error.ts';
import type { Run } from '../../src/run/run.ts';

const answer = 'Leave the umbrella at home.';
const never = (): Promise<never> => new Promise(() => undefined);

function weather(
  execute: (args: unknown, context: { readonly signal: AbortSignal }) => unknown,
  asks?: () => Promise<boolean>,
) {
  const parameters = z.object({ city: z.string() });
  return [tool({ name: 'get_weather', parameters, execute, ...(asks && { needsApproval: asks }) })];
}

describe('an end', () => {
  const ends: [string, string, unknown, ScenarioOptions][] = [
    ['failed', 'invalid_prompt', RunFailedError, { script: [{ fail: { code: 'invalid_prompt' } }] }],
    ['incomplete', 'max_output_tokens', RunIncompleteError, { script: [{ text: 'Lea', incomplete: true }] }],
    ['incomplete', 'max_iterations', RunLimitError, { agent: { maxIterations: 1 } }],
    ['incomplete', 'run_timeout', RunLimitError, { runner: { limits: { runMs: 3_000 } } }],
    ['incomplete', 'queued_timeout', RunLimitError, { runner: { limits: { queuedMs: 1_000 } } }],
  ];

  test.each(ends)(
    '%s (%s) has the same type of error on each call and in another process',
    async (status, code, type, options) => {
      const s = scenario(options);
      const run = s.start();
      const early = s.rejection(run.result());
      const view = await s.settle(run.done());
      expect(view).toMatchObject({ status, driver: 'none', waiting: null, error: { code } });
      for (const error of [await early, await s.rejection(run.result())]) {
        expect(error).toBeInstanceOf(type);
        expect(error).toMatchObject({ code, runId: run.id, view: { status } });
      }
      const fresh = await s.settle(s.reboot().resume(s.agent, run.id));
      const again = await s.rejection(fresh.result());
      expect(again).toBeInstanceOf(type);
      expect(again).toMatchObject({ code, view: { status } });
      const sent = s.sent().length;
      await s.clock.advance(86_400_000);
      expect(s.sent()).toHaveLength(sent);
    },
  );

  test('is cancelled if another client cancels the response at the server', async () => {
    const s = scenario({ runner: { mode: 'poll' } });
    const run = s.start();
    await s.clock.advance(1_000);
    const url = `http://api.test/v1/responses/${run.view.waiting?.responseId}/cancel`;
    await s.emulator.fetch(url, { method: 'POST', headers: { authorization: 'Bearer key' } });
    expect(await s.rejection(run.result())).toBeInstanceOf(RunCancelledError);
    expect(run.view).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
  });

  test('completed resolves `result()`, and the result, the view and the last event agree', async () => {
    const s = scenario();
    const run = s.start();
    const result = await s.settle(run.result());
    expect(result).toMatchObject({ runId: run.id, text: answer, usage: run.view.usage });
    expect(result.view).toBe(run.view);
    expect(await run.done()).toBe(run.view);
    expect((await eventsOf(run)).at(-1)).toMatchObject({ type: 'run.ended', status: 'completed' });
  });
});

describe('cancel, detach and the time limit', () => {
  test('a cancel by several concurrent callers is sent to the server once', async () => {
    const s = scenario();
    const run = s.start();
    await s.clock.advance(1_000);
    const views = await s.settle(Promise.all([run.cancel('enough'), run.cancel('really'), run.cancel()]));
    for (const view of views) expect(view).toBe(run.view);
    expect(run.view).toMatchObject({
      status: 'cancelled',
      error: { message: expect.stringContaining('enough') },
    });
    expect(s.sent().filter((kind) => kind === 'cancel')).toHaveLength(1);
  });

  /** Functions of the application that never return and ignore their signal. */
  const stuck: [string, () => Scenario][] = [
    ['a tool', () => scenario({ tools: weather(never) })],
    ['needsApproval', () => scenario({ tools: weather(() => 1, never) })],
    ['prepareRequest', () => scenario({ agent: { prepareRequest: never } })],
    [
      'an output schema',
      () => {
        const output = { jsonSchema: { type: 'object', properties: {} }, validate: never };
        return scenario({ script: [{ text: '{}' }], tools: [], agent: { output } });
      },
    ],
  ];

  test.each(stuck)('a cancel does not wait for %s that never returns', async (_what, make) => {
    const s = make();
    const run = s.start();
    await s.clock.advance(60_000);
    const began = s.clock.now();
    expect((await s.settle(run.cancel())).status).toBe('cancelled');
    expect(s.clock.now() - began).toBeLessThan(1_000);
    expect(await s.rejection(run.result())).toBeInstanceOf(RunCancelledError);
  });

  test.each(stuck)(
    'a detach does not wait beyond its grace period for %s that never returns',
    async (_what, make) => {
      const s = make();
      const run = s.start();
      await s.clock.advance(60_000);
      const began = s.clock.now();
      await s.settle(run.detach({ graceMs: 5_000 }));
      expect(s.clock.now() - began).toBeLessThanOrEqual(5_000);
      expect(await s.rejection(run.result())).toMatchObject({ name: 'LonghaulError', code: 'detached' });
      expect((await s.store.load(run.id))?.head.status).not.toBe('cancelled');
    },
  );

  test.each(stuck)('the time limit ends a run that waits for %s that never returns', async (_what, make) => {
    const s = make();
    const run = s.start('Umbrella?', { limits: { runMs: 120_000 } });
    expect(await s.rejection(run.result())).toMatchObject({ code: 'run_timeout' });
  });

  test('aborting a signal that several runs share cancels the active ones, and does not change a finished one', async () => {
    const s = scenario();
    const stop = new AbortController();
    const over = s.start('One', { signal: stop.signal });
    await s.settle(over.result());
    const runs = ['Two', 'Three'].map((input) => s.start(input, { signal: stop.signal }));
    await s.clock.advance(1_000);
    stop.abort(new Error('the user left'));
    const views = await s.settle(Promise.all(runs.map((run) => run.done())));
    expect(views).toMatchObject([{ status: 'cancelled' }, { status: 'cancelled' }]);
    expect(views[0]?.error?.message).toContain('the user left');
    expect(over.view.status).toBe('completed');
    expect(s.sent().filter((kind) => kind === 'cancel')).toHaveLength(2);
  });

  test('resumes that pass the same signal add one listener, which is removed at the end', async () => {
    const s = scenario({ script: [{ text: 'Hi.' }] });
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const run = s.start('Hello', { signal });
    for (let resumes = 0; resumes < 5; resumes += 1)
      await s.settle(s.runner.resume(s.agent, run.id, { signal }));
    await s.settle(run.result());
    const listeners = (calls: readonly (readonly unknown[])[]) =>
      new Set(calls.map(([, listener]) => listener));
    expect(added).toHaveBeenCalledTimes(1);
    expect(listeners(removed.mock.calls)).toEqual(listeners(added.mock.calls));
  });

  test('an aborted signal that is passed to `resume` cancels the run', async () => {
    const s = scenario();
    const run = s.start();
    await s.clock.advance(1_000);
    await s.settle(run.detach());
    const again: Run = await s.settle(s.reboot().resume(s.agent, run.id, { signal: AbortSignal.abort() }));
    expect((await s.settle(again.done())).status).toBe('cancelled');
  });

  test('a cancel settles every call, and aborts the signals of running tools', async () => {
    const signals: AbortSignal[] = [];
    const tools = weather((_args, { signal }) => {
      signals.push(signal);
      return never();
    });
    const calls = ['call_1', 'call_2'].map((callId) => ({
      name: 'get_weather',
      arguments: { city: 'Rome' },
      callId,
    }));
    const s = scenario({ script: [{ calls }], tools, runner: { tools: { concurrency: 1 } } });
    const run = s.start();
    await s.clock.advance(30_000);
    expect(run.view.toolCalls.map(({ status }) => status)).toEqual(['running', 'pending']);
    await s.settle(run.cancel());
    expect(run.view.toolCalls).toMatchObject([{ status: 'cancelled' }, { status: 'cancelled' }]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(s.sent()).not.toContain('cancel');
  });
});

describe('deleting', () => {
  test('rejects an active run, in its process and in another', async () => {
    const s = scenario();
    const run = s.start();
    await s.clock.advance(1_000);
    for (const runner of [s.runner, s.reboot()]) {
      expect(await s.rejection(runner.delete(run.id))).toMatchObject({ code: 'run_active' });
    }
    expect((await s.settle(run.result())).text).toBe(answer);
  });

  test('removes a finished run completely, and frees its id', async () => {
    const s = scenario();
    const run = s.start('One', { runId: 'mine' });
    await s.settle(run.result());
    await s.runner.delete('mine');
    expect([s.runner.get('mine'), await s.runner.read('mine'), await s.runner.list()]).toEqual([
      undefined,
      undefined,
      [],
    ]);
    // An existing handle keeps the last view.
    expect(run.view.text).toBe(answer);
    expect((await s.settle(s.start('Two', { runId: 'mine' }).result())).text).toBe(answer);
  });

  test('has no effect on an unknown run', async () => {
    await expect(scenario().runner.delete('nobody')).resolves.toBeUndefined();
  });
});
