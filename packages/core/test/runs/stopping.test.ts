import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { responseOf } from '../../test-support/hand-server.ts';
import { scenario } from '../../test-support/scenario.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import { RunCancelledError } from '../../src/run/run-error.ts';
import { manualClock, type Fault } from '../../src/testing/index.ts';

describe.each(['poll', 'stream'] as const)('stopping, mode %s', (mode) => {
  test('cancel() reaches the server, which would otherwise bill the job (ai 7, @openai/agents)', async () => {
    const s = scenario({ runner: { mode } });
    const run = s.start();
    await s.clock.advance(5_000);
    const view = await s.settle(run.cancel('enough'));
    expect(view.status).toBe('cancelled');
    expect(s.sent().filter((kind) => kind === 'cancel')).toHaveLength(1);
    expect(s.emulator.snapshot().responses).toMatchObject([{ cancelled: expect.anything() }]);
    const error = await s.rejection(run.result());
    expect(error).toBeInstanceOf(RunCancelledError);
    expect(error).toMatchObject({ code: 'cancelled', message: expect.stringContaining('enough') });
    const before = s.emulator.requests.length;
    await s.clock.advance(3_600_000);
    expect(s.emulator.requests).toHaveLength(before);
  });

  test('after detach() the job continues, and another process resumes the run', async () => {
    const s = scenario({ runner: { mode } });
    const run = s.start();
    await s.clock.advance(5_000);
    await run.detach();
    expect(s.sent()).not.toContain('cancel');
    await s.clock.advance(60_000);
    const resumed = await s.reboot().resume(s.agent, run.id);
    expect((await s.settle(resumed.result())).text).toBe('Leave the umbrella at home.');
    expect(s.emulator.generations).toBe(2);
    expect(s.executed).toEqual(['Paris']);
  });

  test('after a cancel that is answered without usage, one GET loads the usage (DEEIX 443)', async () => {
    const s = scenario({ faults: [{ fault: 'cancel-without-usage' }], runner: { mode } });
    const run = s.start();
    await s.clock.advance(5_000);
    const view = await s.settle(run.cancel());
    expect(s.sent().slice(-2)).toEqual(['cancel', 'poll']);
    expect(view.usage.totalTokens).toBeGreaterThan(0);
    expect(view.iterations[0]?.usage).toEqual(view.usage);
    expect(view).toMatchObject({ status: 'cancelled', text: '' });
    // Calls that the stream has begun to send are shown as cancelled.
    expect(view.toolCalls.every(({ status }) => status === 'cancelled')).toBe(true);
  });

  test('a run stays cancelled if its response completes later, and executes no call (Azure Q&A 2339607)', async () => {
    const s = scenario({ faults: [{ fault: 'cancel-loses-race' }], runner: { mode } });
    const run = s.start();
    await s.clock.advance(5_000);
    // The response completes before the GET for the usage, which changes only the usage.
    s.emulator.inject({ fault: 'slow', on: 'cancel', ms: 6_000 });
    const view = await s.settle(run.cancel());
    expect(view.usage.totalTokens).toBeGreaterThan(0);
    expect(view.iterations).toMatchObject([
      { status: 'cancelled', text: '', attempts: [{ status: 'cancelled' }] },
    ]);
    await s.clock.advance(60_000);
    expect(run.view.status).toBe('cancelled');
    expect(s.executed).toEqual([]);
    expect(s.creates()).toHaveLength(1);
  });

  test.each<[string, readonly Fault[]]>([
    ['200 with the final response', []],
    ['400 (vLLM 57999)', [{ fault: 'cancel-terminal-400', status: 400 }]],
    ['409 (ogx)', [{ fault: 'cancel-terminal-400', status: 409 }]],
  ])('a run stays cancelled if the cancel of a complete response gets %s', async (_name, faults) => {
    const s = scenario({
      faults: [{ fault: 'slow', on: 'poll', ms: 60_000 }, ...faults],
      runner: { mode: 'poll' },
    });
    const run = s.start();
    // The response is complete, but no poll has returned it yet.
    await s.clock.advance(20_000);
    expect(run.view.waiting).not.toBeNull();
    const view = await s.settle(run.cancel());
    expect(view).toMatchObject({ status: 'cancelled', toolCalls: [] });
    expect(view.usage.totalTokens).toBeGreaterThan(0);
    expect(s.executed).toEqual([]);
    expect(view.warnings).toEqual([]);
  });

  test('a continuing run does not chain to a response that completed despite the cancel', async () => {
    const s = scenario({ faults: [{ fault: 'slow', on: 'poll', ms: 60_000 }], runner: { mode: 'poll' } });
    const run = s.start('First.');
    await s.clock.advance(20_000);
    await s.settle(run.cancel());
    const next = s.start('Second.', { continueFrom: run.id });
    await s.settle(next.done());
    expect(next.view.warnings).toEqual([]);
    expect(s.creates()[1]).not.toHaveProperty('previous_response_id');
    expect(s.creates()[1]?.['input']).toEqual([
      { role: 'user', content: 'First.' },
      { role: 'user', content: 'Second.' },
    ]);
  });
});

test('a cancel aborts the signals of running tools, and their later results are ignored', async () => {
  let aborted: unknown;
  const slow = tool({
    name: 'get_weather',
    parameters: z.object({ city: z.string() }),
    execute: (_args, { signal }) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          aborted = signal.reason;
          resolve('too late');
        }),
      ),
  });
  const s = scenario({ tools: [slow] });
  const run = s.start();
  await s.clock.advance(60_000);
  expect(run.view.status).toBe('running_tools');
  await s.settle(run.cancel());
  expect(aborted).toBeInstanceOf(Error);
  expect(run.view.toolCalls).toMatchObject([{ status: 'cancelled', error: { code: 'not_run' } }]);
  expect(s.creates()).toHaveLength(1);
});

describe('a cancel that the server refuses', () => {
  const refusal = (status: number) =>
    Response.json({ error: { message: 'no', type: 'invalid_request_error' } }, { status });
  const never = (): Promise<Response> => new Promise(() => undefined);

  test.each<[string, () => Response | Promise<Response>, readonly string[]]>([
    ['is not answered', never, ['cancel_undelivered']],
    ['fails', () => refusal(502), ['cancel_undelivered']],
    [
      'shows the response in progress',
      () => Response.json(responseOf('resp_1', 'in_progress')),
      ['cancel_undelivered'],
    ],
    ['shows the response completed', () => Response.json(responseOf('resp_1', 'completed')), []],
    ['does not find the response', () => refusal(404), []],
  ])(
    'is reported only if the response may be running: the following GET %s',
    async (_name, answer, warnings) => {
      const clock = manualClock(1_770_000_000_000);
      const client = fetchClient({
        baseURL: 'http://server.test/v1',
        fetch: async (url, init) => {
          if (url.endsWith('/cancel')) return refusal(400);
          return init?.method === 'POST' ? Response.json(responseOf('resp_1', 'in_progress')) : answer();
        },
      });
      const run = createRunner({
        client,
        clock,
        mode: 'poll',
        polling: { minMs: 60_000, maxMs: 60_000 },
      }).start(defineAgent({ name: 'a', model: 'm' }), 'Hi');
      await clock.advance(1_000);
      void run.cancel();
      await clock.advance(130_000);
      expect(run.view.status).toBe('cancelled');
      expect(run.view.warnings.map(({ code }) => code)).toEqual(warnings);
    },
  );
});

test('a create that waits for its retry is sent in the mode of the process that resumes the run', async () => {
  const s = scenario({ faults: [{ fault: 'foreign-answer', status: 503, iteration: 1, forMs: 60_000 }] });
  const run = s.start();
  await s.clock.advance(20_000);
  await run.detach();
  const before = s.creates().length;
  const resumed = await s.reboot({ mode: 'poll' }).resume(s.agent, run.id);
  expect((await s.settle(resumed.result())).text).toBe('Leave the umbrella at home.');
  const sent = s.creates().slice(before);
  expect(sent.length).toBeGreaterThan(0);
  expect(sent.filter((body) => 'stream' in body)).toEqual([]);
});
