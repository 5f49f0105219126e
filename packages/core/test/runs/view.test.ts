import * as z from 'zod';
import { describe, expect, test } from 'vitest';
import { scenario, weatherScript } from '../../test-support/scenario.ts';
import { tool } from '../../src/agent/tool.ts';
import { RunCancelledError, RunIncompleteError, RunLimitError } from '../../src/run/run-error.ts';
import type { Iteration } from '../../src/testing/index.ts';

const usage = (
  input: number,
  cached: number,
  output: number,
  reasoning: number,
): NonNullable<Iteration['usage']> => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: cached },
  output_tokens: output,
  output_tokens_details: { reasoning_tokens: reasoning },
  total_tokens: input + output,
});

describe('view.text', () => {
  test('is the text of the current iteration, which grows while it streams', async () => {
    const script = [
      { text: 'Let me look at the weather in Paris.', calls: weatherScript[0]?.calls ?? [] },
      { text: 'Leave the umbrella at home, it is dry.' },
    ];
    const s = scenario({ script, runner: { mode: 'stream' } });
    const run = s.start();
    const texts: string[] = [];
    run.subscribe(() => {
      if (run.view.text !== texts.at(-1)) texts.push(run.view.text);
    });
    await s.settle(run.result());
    const [first = '', second = ''] = script.map(({ text }) => text);
    const secondAt = texts.findIndex((text, index) => index > 0 && !text.startsWith(texts[index - 1] ?? ''));
    expect(texts.slice(0, secondAt).every((text) => first.startsWith(text))).toBe(true);
    expect(texts.slice(secondAt).every((text) => second.startsWith(text))).toBe(true);
    expect(texts.length).toBeGreaterThan(8);
    expect(run.view.iterations.map(({ text }) => text)).toEqual([first, second]);
  });

  test.each(['poll', 'stream'] as const)(
    'keeps the received text if the run is incomplete, mode %s',
    async (mode) => {
      const s = scenario({
        script: [{ text: 'A long story that ends early', incomplete: true }],
        runner: { mode },
      });
      const run = s.start();
      const error = await s.rejection(run.result());
      expect(error).toBeInstanceOf(RunIncompleteError);
      expect(error).toMatchObject({ code: 'max_output_tokens', view: { status: 'incomplete' } });
      expect(run.view.text.length).toBeGreaterThan(5);
      expect('A long story that ends early'.startsWith(run.view.text)).toBe(true);
    },
  );

  test('keeps the streamed text if the run is cancelled', async () => {
    const s = scenario({
      script: [{ text: 'A long story that takes its time.' }],
      runner: { mode: 'stream' },
    });
    const run = s.start();
    await s.clock.advance(6_000);
    const { text } = run.view;
    expect(text.length).toBeGreaterThan(5);
    await s.settle(run.cancel());
    expect(run.view.text).toBe(text);
  });
});

test('view.usage is the sum over all iterations', async () => {
  const s = scenario({
    script: [
      { ...weatherScript[0], usage: usage(100, 40, 10, 4) },
      { text: 'Done.', usage: usage(200, 80, 20, 8) },
    ],
  });
  const run = s.start();
  const result = await s.settle(run.result());
  expect(result.usage).toEqual({
    inputTokens: 300,
    cachedInputTokens: 120,
    outputTokens: 30,
    reasoningTokens: 12,
    totalTokens: 330,
  });
  expect(run.view.usage).toEqual(result.usage);
  expect(run.view.iterations.map((iteration) => iteration.usage?.totalTokens)).toEqual([110, 220]);
});

describe('view.toolCalls', () => {
  test('have the model’s JSON, while the tool receives the schema’s output', async () => {
    const seen: unknown[] = [];
    const asked: unknown[] = [];
    const parameters = z.object({
      day: z.string().transform((text) => new Date(text)),
      note: z.string().optional(),
    });
    const plan = tool({
      name: 'plan',
      parameters,
      needsApproval: (args) => {
        asked.push(args);
        return false;
      },
      execute: (args) => {
        seen.push(args);
        return args.day;
      },
    });
    const calls = [{ name: 'plan', arguments: { day: '2026-11-23', note: null }, callId: 'call_1' }];
    const s = scenario({ script: [{ calls }, { text: 'Planned.' }], tools: [plan] });
    const run = s.start();
    await s.settle(run.result());
    expect(seen).toEqual([{ day: new Date('2026-11-23') }]);
    expect(asked).toEqual(seen);
    expect(run.view.toolCalls).toEqual([
      {
        callId: 'call_1',
        name: 'plan',
        arguments: { day: '2026-11-23' },
        rawArguments: '{"day":"2026-11-23","note":null}',
        status: 'completed',
        output: '2026-11-23T00:00:00.000Z',
        iteration: 0,
        startedAt: expect.any(Number),
        endedAt: expect.any(Number),
      },
    ]);
    // The view in a process that resumes the finished run is the same.
    expect(
      await s
        .reboot()
        .resume(s.agent, run.id)
        .then(({ view }) => view.toolCalls),
    ).toEqual(run.view.toolCalls);
  });

  test('have undefined arguments if those are not valid JSON', async () => {
    const s = scenario({
      script: [{ calls: [{ name: 'get_weather', arguments: '{"city' }] }, { text: 'Sorry.' }],
    });
    const run = s.start();
    await s.settle(run.result());
    expect(run.view.toolCalls).toMatchObject([{ rawArguments: '{"city', status: 'failed' }]);
    expect(run.view.toolCalls[0]?.arguments).toBeUndefined();
  });

  test('show a call of an unknown tool as failed, with the model’s name for it', async () => {
    const s = scenario({
      script: [{ calls: [{ name: 'invented', arguments: { a: 1 } }] }, { text: 'Sorry.' }],
    });
    const run = s.start();
    await s.settle(run.result());
    expect(run.view.toolCalls).toMatchObject([
      { name: 'invented', arguments: { a: 1 }, status: 'failed', error: { code: 'unknown_tool' } },
    ]);
  });

  test('show the progress of a running call', async () => {
    let report: (value: number) => void = () => undefined;
    const slow = tool({
      name: 'get_weather',
      parameters: z.object({ city: z.string() }),
      execute: (_args, { progress }) => {
        report = (value) => progress({ percent: value });
        return new Promise(() => undefined);
      },
    });
    const s = scenario({ tools: [slow] });
    const run = s.start();
    await s.clock.advance(60_000);
    expect(run.view).toMatchObject({ status: 'running_tools', toolCalls: [{ status: 'running' }] });
    for (const percent of [10, 50]) {
      report(percent);
      await s.quiet();
      expect(run.view.toolCalls).toMatchObject([{ progress: { percent } }]);
    }
    await s.settle(run.cancel());
  });
});

describe('view.error', () => {
  test('has the server’s code if the server sent one', async () => {
    const s = scenario({ script: [{ fail: { code: 'bio_policy', message: 'No.' } }] });
    const run = s.start();
    await s.settle(run.done());
    expect(run.view).toMatchObject({ status: 'failed', error: { code: 'bio_policy', message: 'No.' } });
  });

  test('has the reason of an incomplete response', async () => {
    const s = scenario({ script: [{ text: 'x', incomplete: 'content_filter' }] });
    const error = await s.rejection(s.start().result());
    expect(error).toBeInstanceOf(RunIncompleteError);
    expect(error).toMatchObject({ code: 'content_filter' });
  });
});

describe('limits that end a run as incomplete, and their exceptions', () => {
  const endless = () => ({ calls: [{ name: 'get_weather', arguments: { city: 'x' } }] });
  const day = 24 * 3_600_000;

  test('max_iterations: the calls of the last response are cancelled', async () => {
    const s = scenario({ script: endless, agent: { maxIterations: 3 } });
    const run = s.start();
    const error = await s.rejection(run.result());
    expect(error).toBeInstanceOf(RunLimitError);
    expect(error).toMatchObject({ code: 'max_iterations', view: { status: 'incomplete' } });
    expect(run.view.toolCalls.map(({ status }) => status)).toEqual(['completed', 'completed', 'cancelled']);
    expect(s.creates()).toHaveLength(3);
  });

  test('20 iterations are the default', async () => {
    const s = scenario({ script: endless });
    expect(await s.rejection(s.start().result())).toMatchObject({ code: 'max_iterations' });
    expect(s.creates()).toHaveLength(20);
  });

  test('run_timeout: the pending response is cancelled, once', async () => {
    const s = scenario({ script: [{ text: 'x', runMs: day }], runner: { limits: { runMs: 600_000 } } });
    const error = await s.rejection(s.start().result());
    expect(error).toBeInstanceOf(RunLimitError);
    expect(error).toMatchObject({ code: 'run_timeout', view: { error: { code: 'run_timeout' } } });
    expect(s.sent().filter((kind) => kind === 'cancel')).toHaveLength(1);
  });

  test('run_timeout stops running tools', async () => {
    let aborted = false;
    const slow = tool({
      name: 'get_weather',
      parameters: z.object({ city: z.string() }),
      execute: (_args, { signal }) => {
        signal.addEventListener('abort', () => (aborted = true));
        return new Promise(() => undefined);
      },
    });
    const s = scenario({ tools: [slow], runner: { limits: { runMs: 600_000 } } });
    const run = s.start();
    expect(await s.rejection(run.result())).toMatchObject({ code: 'run_timeout' });
    expect(aborted).toBe(true);
    expect(run.view.toolCalls).toMatchObject([{ status: 'cancelled' }]);
  });

  test('queued_timeout: the pending response is cancelled, once', async () => {
    const s = scenario({ script: [{ text: 'x', queuedMs: day }], runner: { limits: { queuedMs: 60_000 } } });
    expect(await s.rejection(s.start().result())).toMatchObject({ code: 'queued_timeout' });
    expect(s.sent().filter((kind) => kind === 'cancel')).toHaveLength(1);
  });

  test('token_limit: no create is sent after the limit is exceeded', async () => {
    const s = scenario({
      script: () => ({ ...endless(), usage: usage(90, 0, 10, 0) }),
      runner: { limits: { totalTokens: 250 } },
    });
    const run = s.start();
    expect(await s.rejection(run.result())).toMatchObject({ code: 'token_limit' });
    expect(run.view.usage.totalTokens).toBe(300);
    expect(s.creates()).toHaveLength(3);
  });

  test('token_limit: a final answer that exceeds the limit completes the run', async () => {
    const s = scenario({
      script: [{ text: 'Dear.', usage: usage(9_000, 0, 10, 0) }],
      runner: { limits: { totalTokens: 250 } },
    });
    expect((await s.settle(s.start().result())).text).toBe('Dear.');
  });

  test('limits of `start` override the runner’s, in another process too', async () => {
    const s = scenario({ script: [{ text: 'x', runMs: day }], runner: { limits: { runMs: day } } });
    const began = s.clock.now();
    const run = s.start('Hi', { limits: { runMs: 600_000 } });
    await s.clock.advance(60_000);
    await run.detach();
    const resumed = await s.reboot().resume(s.agent, run.id);
    expect(await s.rejection(resumed.result())).toMatchObject({ code: 'run_timeout' });
    expect(s.clock.now() - began).toBeLessThan(620_000);
  });

  test('run_timeout: time while the run waits for a person does not count', async () => {
    const ask = tool({ name: 'get_weather', parameters: z.object({ city: z.string() }) });
    const s = scenario({ tools: [ask], runner: { limits: { runMs: 600_000 } } });
    const run = s.start();
    await s.clock.advance(5 * day);
    expect(run.view.status).toBe('requires_action');
    await run.submitToolOutput('call_1', 'dry');
    expect((await s.settle(run.result())).text).toBe('Leave the umbrella at home.');
  });
});

test('a response that another client cancelled ends the run as cancelled', async () => {
  const s = scenario({ runner: { mode: 'poll' } });
  const run = s.start();
  await s.clock.advance(3_000);
  const path = `/v1/responses/${run.view.waiting?.responseId}/cancel`;
  await s.emulator.fetch(`http://api.test${path}`, { method: 'POST' });
  const error = await s.rejection(run.result());
  expect(error).toBeInstanceOf(RunCancelledError);
  expect(error).toMatchObject({
    view: { status: 'cancelled', error: { message: expect.stringContaining('cancelled at the server') } },
  });
});

test('a view is plain JSON, and a new object only after an event', async () => {
  const s = scenario();
  const run = s.start();
  const views = new Set([run.view]);
  let calls = 0;
  run.subscribe(() => {
    calls += 1;
    expect(views.has(run.view)).toBe(false);
    views.add(run.view);
    expect(run.view).toBe(run.view);
  });
  await s.settle(run.result());
  expect(calls).toBeGreaterThan(5);
  expect(JSON.parse(JSON.stringify(run.view))).toEqual(run.view);
  const { view } = run;
  await s.clock.advance(3_600_000);
  expect(run.view).toBe(view);
});
