import { type Run, RunCancelledError } from '@longhaul/core';
import { describe, expect, test } from 'vitest';
import { world } from './world.ts';

const modes = ['poll', 'stream'] as const;
/** The longest time that a cancel may take. It waits for the response id, and then for the answer to its request. */
const longestMs = 20_000;

describe.each(modes)('cancel at any moment (%s)', (mode) => {
  test('I8: prevents later creates and tool calls, and ends the run within 20 seconds', async () => {
    const dry = world();
    const quiet = dry.boot({ mode });
    await dry.settle(quiet.runner.start(dry.agent, 'Paris?').result());
    const failures: string[] = [];
    for (const [at, point] of quiet.points.entries()) {
      for (const when of ['before', 'after'] as const) {
        const { agent, clock, store, boot, until } = world();
        let asked: { readonly at: number; readonly points: number } | undefined;
        const cancelled = Promise.withResolvers<void>();
        const { runner, points } = boot({ mode }, (moment) => {
          if (moment.at !== at || moment.when !== when) return;
          asked = { at: clock.now(), points: points.length };
          run.cancel('enough').then(() => cancelled.resolve(), cancelled.reject);
        });
        const run: Run = runner.start(agent, 'Paris?', { runId: 'run-1' });
        const ended = run.done();
        let over = false;
        void ended.then(() => {
          over = true;
        });
        await until(() => over);
        try {
          if (asked === undefined) throw new Error('The run did not reach this point.');
          const late = points
            .slice(asked.points)
            .filter((name) => name.startsWith('tool') || name.endsWith('create'));
          expect(late, 'sent or started after the cancel').toEqual([]);
          expect(clock.now() - asked.at).toBeLessThan(longestMs);
          await cancelled.promise;
          const done = at === quiet.points.length - 1;
          expect(run.view.status).toBe(done ? 'completed' : 'cancelled');
          expect(run.view.warnings).toEqual([]);
          expect((await store.load('run-1'))?.head.status).toBe(run.view.status);
          expect(run.view.toolCalls.filter(({ status }) => status === 'running')).toEqual([]);
        } catch (error) {
          failures.push(`${when} ${point} (${at}): ${String(error)}`);
        }
      }
    }
    expect(failures).toEqual([]);
  });

  test('is completed by the next process if the driver dies after it saved the cancel', async () => {
    const failures: string[] = [];
    for (let death = 0; death < 8; death += 1) {
      for (const when of ['before', 'after'] as const) {
        const { agent, boot, until, settle, store, sent } = world();
        let from = Number.POSITIVE_INFINITY;
        const first = boot({ mode }, ({ at, when: then }, { die }) => {
          if (at === from + death && then === when) die();
        });
        const run = first.runner.start(agent, 'Paris?', { runId: 'run-1' });
        let over = false;
        void run.done().then(() => {
          over = true;
        });
        await until(() => run.view.waiting !== null && run.view.iteration === 1);
        from = first.points.length;
        void run.cancel();
        await until(() => first.dead || over);
        if (over) continue;
        // If the process died before it saved the cancel, the run continues.
        const saved = ['cancelling', 'done'].includes((await store.load('run-1'))?.head.phase.type ?? '');
        const creates = sent('create');
        const next = boot({ mode });
        const again = await settle(next.runner.resume(agent, 'run-1'));
        const result = settle(again.result());
        try {
          if (!saved) {
            await result;
            continue;
          }
          await expect(result).rejects.toBeInstanceOf(RunCancelledError);
          expect(sent('create')).toBe(creates);
          expect(sent('cancel')).toBeGreaterThan(0);
        } catch (error) {
          failures.push(`${when} ${death}: ${String(error)}`);
        }
      }
    }
    expect(failures).toEqual([]);
  });
});

describe('cancel', () => {
  test('is sent again if the server does not know the response yet', async () => {
    const { agent, boot, until, settle, sent, emulator } = world({
      faults: [{ fault: 'get-404-for', ms: 3_000 }],
    });
    const run = boot({ mode: 'poll' }).runner.start(agent, 'Paris?');
    await until(() => run.view.waiting !== null);
    expect((await settle(run.cancel())).status).toBe('cancelled');
    expect(sent('cancel')).toBeGreaterThan(1);
    expect(emulator.snapshot().responses).toMatchObject([{ cancelled: {} }]);
    expect(run.view.warnings).toEqual([]);
  });

  test('ends the run with a warning if the server refuses it and the response keeps running', async () => {
    const { agent, boot, until, settle } = world({
      faults: [{ fault: 'http', on: 'cancel', status: 400, times: Number.POSITIVE_INFINITY }],
    });
    const run = boot({ mode: 'poll' }).runner.start(agent, 'Paris?');
    await until(() => run.view.waiting !== null);
    expect(await settle(run.cancel())).toMatchObject({
      status: 'cancelled',
      warnings: [{ code: 'cancel_undelivered' }],
    });
  });

  test.each([
    ['cannot be reached', { fault: 'refused', on: 'cancel', times: Number.POSITIVE_INFINITY }],
    ['fails', { fault: 'http', on: 'cancel', times: Number.POSITIVE_INFINITY }],
    ['does not answer', { fault: 'slow', on: 'cancel', ms: 86_400_000 }],
    [
      'rejects the credentials',
      { fault: 'http', on: 'cancel', status: 401, times: Number.POSITIVE_INFINITY },
    ],
  ] as const)('ends the run with a warning within 10 seconds if the server %s', async (_what, fault) => {
    const { agent, boot, until, settle, clock } = world({ faults: [fault] });
    const run = boot({ mode: 'poll' }).runner.start(agent, 'Paris?');
    await until(() => run.view.waiting !== null);
    const asked = clock.now();
    expect(await settle(run.cancel())).toMatchObject({
      status: 'cancelled',
      warnings: [{ code: 'cancel_undelivered' }],
    });
    expect(clock.now() - asked).toBeLessThanOrEqual(10_000);
  });

  test('waits for the response id, and then has its own time limit', async () => {
    const { agent, boot, until, settle, emulator } = world({
      runMs: 60_000,
      faults: [
        { fault: 'slow', ms: 7_000 },
        { fault: 'http', on: 'cancel', times: 2 },
      ],
    });
    const run = boot({ mode: 'poll' }).runner.start(agent, 'Paris?');
    await until(() => emulator.requests.length === 1);
    expect(await settle(run.cancel())).toMatchObject({ status: 'cancelled', warnings: [] });
    expect(emulator.snapshot().responses).toMatchObject([{ cancelled: {} }]);
  });

  test('ends the run with a warning about the job if the response id does not arrive', async () => {
    const { agent, boot, until, settle, sent, clock } = world({
      faults: [{ fault: 'slow', ms: 86_400_000 }],
    });
    const run = boot({ mode: 'poll' }).runner.start(agent, 'Paris?');
    await until(() => sent('create') === 1);
    const asked = clock.now();
    expect(await settle(run.cancel())).toMatchObject({
      status: 'cancelled',
      warnings: [{ code: 'orphan_possible' }],
    });
    expect(clock.now() - asked).toBeLessThanOrEqual(10_000);
    expect(sent('create'), 'never sent again').toBe(1);
  });
});

describe('cancel of', () => {
  test('a finished run sends no request', async () => {
    const { agent, boot, settle, emulator, answer } = world();
    const run = boot().runner.start(agent, 'Paris?');
    await settle(run.result());
    const before = emulator.requests.length;
    expect(await run.cancel()).toMatchObject({ status: 'completed', text: answer });
    expect(emulator.requests).toHaveLength(before);
  });

  test('a detached run resumes it, cancels the response, and ends the run', async () => {
    const { agent, boot, until, settle, sent } = world();
    const run = boot().runner.start(agent, 'Paris?');
    await until(() => run.view.waiting !== null);
    await settle(run.detach());
    await expect(run.result()).rejects.toMatchObject({ code: 'detached' });
    expect((await settle(run.cancel())).status).toBe('cancelled');
    expect(sent('cancel')).toBe(1);
    await expect(run.result()).rejects.toBeInstanceOf(RunCancelledError);
  });

  test('a run that waits for a person sends no request, and cancels the open calls', async () => {
    const { agent, boot, until, settle, emulator } = world({ people: true });
    const run = boot().runner.start(agent, 'Paris?');
    await until(() => run.view.status === 'requires_action');
    const before = emulator.requests.length;
    const view = await settle(run.cancel('changed my mind'));
    expect(view.status).toBe('cancelled');
    expect(view.toolCalls.slice(2)).toMatchObject([
      { name: 'book', status: 'cancelled' },
      { name: 'ask_owner', status: 'cancelled' },
    ]);
    expect(emulator.requests).toHaveLength(before);
  });

  test('a run that another process drives is forwarded to that process', async () => {
    const { agent, boot, until, settle, sent } = world();
    const driver = boot();
    const run = driver.runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.waiting !== null);
    const follower = boot();
    const seen = await settle(follower.runner.resume(agent, 'run-1'));
    expect(seen.view.driver).toBe('elsewhere');
    expect((await settle(seen.cancel('from afar'))).status).toBe('cancelled');
    expect(run.view).toMatchObject({
      status: 'cancelled',
      error: { message: 'The run was cancelled: from afar' },
    });
    expect(follower.points.filter((point) => point.startsWith('POST'))).toEqual([]);
    expect(sent('cancel')).toBe(1);
  });

  test('a run whose driver died is performed by the process that takes over', async () => {
    const { agent, boot, until, settle, sent, executions } = world({ people: true });
    const driver = boot();
    const run = driver.runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.waiting !== null && run.view.iteration === 1);
    driver.die();
    const follower = boot();
    const seen = await settle(follower.runner.resume(agent, 'run-1'));
    const creates = sent('create');
    const before = executions.length;
    expect((await settle(seen.cancel())).status).toBe('cancelled');
    expect([sent('cancel'), sent('create'), executions.length]).toEqual([1, creates, before]);
  });

  test('a run by its signal works before the start and during the run', async () => {
    const { agent, boot, until, settle, emulator } = world();
    const { runner } = boot();
    const never = runner.start(agent, 'Paris?', { signal: AbortSignal.abort(new Error('too late')) });
    await expect(settle(never.result())).rejects.toMatchObject({ name: 'RunCancelledError' });
    expect(emulator.requests).toEqual([]);
    const controller = new AbortController();
    const run = runner.start(agent, 'Paris?', { signal: controller.signal });
    await until(() => run.view.waiting !== null);
    controller.abort('the page was left');
    await expect(settle(run.result())).rejects.toMatchObject({
      name: 'RunCancelledError',
      message: expect.stringContaining('the page was left'),
    });
  });

  test('a run with running tools aborts their signal, and ignores their late results', async () => {
    const { defineAgent, tool } = await import('@longhaul/core');
    const late = Promise.withResolvers<string>();
    let reason: unknown;
    const agent = defineAgent({
      name: 'slow',
      model: 'gpt-6-astra',
      tools: [
        tool({
          name: 'search',
          parameters: {
            jsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
          },
          execute: (_args, { signal }) => {
            signal.addEventListener('abort', () => {
              reason = signal.reason;
            });
            return late.promise;
          },
        }),
      ],
    });
    const { boot, until, settle, clock } = world({
      agent,
      script: [{ calls: [{ name: 'search', arguments: { city: 'Rome' } }] }, { text: 'No.' }],
    });
    const run = boot().runner.start(agent, 'Rome?');
    await until(() => run.view.status === 'running_tools' && run.view.toolCalls[0]?.status === 'running');
    const view = await settle(run.cancel());
    expect(view).toMatchObject({ status: 'cancelled', toolCalls: [{ status: 'cancelled' }] });
    expect(reason).toBeInstanceOf(Error);
    late.resolve('found');
    await clock.advance(60_000);
    expect(run.view).toBe(view);
  });
});
