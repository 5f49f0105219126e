import * as z from 'zod';
import { describe, expect, test } from 'vitest';
import { scenario } from '../../test-support/scenario.ts';
import { RunFailedError, RunLimitError } from '../../src/run/run-error.ts';
import type { Fault } from '../../src/testing/index.ts';

/** Bugs that users of other SDKs reported about waiting for background responses. */
describe.each(['poll', 'auto'] as const)('waiting, mode %s', (mode) => {
  test('a background run with a tool creates, waits, creates again, and waits (agent-framework 5394)', async () => {
    const s = scenario({ runner: { mode } });
    const result = await s.settle(s.start().result());
    expect(result.text).toBe('Leave the umbrella at home.');
    expect(s.executed).toEqual(['Paris']);
    expect(s.trace()).toEqual(mode === 'poll' ? ['create', 'poll', 'create', 'poll'] : ['create', 'create']);
    expect(s.creates()).toMatchObject([
      { background: true, input: [{ role: 'user' }] },
      {
        background: true,
        previous_response_id: expect.stringMatching(/^resp_/),
        input: [{ type: 'function_call_output', call_id: 'call_1', output: '{"tempC":21}' }],
      },
    ]);
  });

  test('a terminal response is not retrieved again (agent-framework 5394)', async () => {
    const s = scenario({ runner: { mode } });
    const run = s.start();
    await s.settle(run.result());
    // No GET of a response is sent after its iteration has ended.
    for (const { responseId, endedAt = 0 } of run.view.iterations) {
      const late = s.emulator.requests.filter(
        ({ method, path, at }) => method === 'GET' && path.endsWith(responseId ?? '?') && at > endedAt,
      );
      expect(late).toEqual([]);
    }
    const before = s.emulator.requests.length;
    await s.clock.advance(3_600_000);
    expect(s.emulator.requests).toHaveLength(before);
  });

  test('every create of the run is a background create (agent-framework 5452)', async () => {
    const calls = (city: string) => ({ calls: [{ name: 'get_weather', arguments: { city } }] });
    const s = scenario({
      script: [calls('Paris'), calls('Rome'), calls('Oslo'), { text: 'Done.' }],
      runner: { mode },
    });
    await s.settle(s.start().result());
    expect(s.creates().map(({ background }) => background)).toEqual([true, true, true, true]);
    expect(s.executed).toEqual(['Paris', 'Rome', 'Oslo']);
  });

  test('a run waits for its response even if `prepareRequest` replaces the request (agent-framework 8358)', async () => {
    const request: Record<string, unknown> = { reasoning: { effort: 'low' } };
    const s = scenario({
      runner: { mode },
      agent: {
        request,
        // Returns a new request, and changes the `request` option of the agent.
        prepareRequest: (body) => {
          request['reasoning'] = { effort: 'high' };
          return { ...body, response_id: undefined, continuation_token: undefined };
        },
      },
    });
    const run = s.start();
    await s.settle(run.result());
    expect(s.creates()).toHaveLength(2);
    expect(s.creates().map(({ reasoning }) => reasoning)).toEqual([{ effort: 'low' }, { effort: 'low' }]);
    expect(s.emulator.generations).toBe(2);
    expect(s.executed).toEqual(['Paris']);
  });

  test('a `queued` response does not end the iteration (@openai/agents 0.20)', async () => {
    const s = scenario({
      script: [{ text: 'Slow.', queuedMs: 240_000, runMs: 1_200_000 }],
      runner: { mode },
    });
    const run = s.start();
    await s.quiet();
    expect(run.view.status).toBe('queued');
    await s.clock.advance(300_000);
    expect(run.view.status).toBe('in_progress');
    expect((await s.settle(run.result())).text).toBe('Slow.');
    expect(s.emulator.generations).toBe(1);
    expect(s.creates()).toHaveLength(1);
  });

  test('a warning reports a server that ignores `background` (@ai-sdk/openai 4, mastra)', async () => {
    const s = scenario({ faults: [{ fault: 'ignore-background' }], runner: { mode } });
    const run = s.start();
    const { text } = await s.settle(run.result());
    expect(text).toBe('Leave the umbrella at home.');
    const warnings = run.view.warnings.filter(({ code }) => code === 'background_ignored');
    // The warning appears once per run, not per iteration.
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toMatch(/background.*resp_\w+ has the value false/);
  });

  test('the warning appears if the server ignores `background` only in a later create', async () => {
    const s = scenario({ faults: [{ fault: 'ignore-background', iteration: 1 }], runner: { mode } });
    const run = s.start();
    await s.settle(run.result());
    expect(run.view.warnings.map(({ code }) => code)).toEqual(['background_ignored']);
  });

  test.each<[string, Fault, string, number]>([
    ['stays queued', { fault: 'stuck-queued' }, 'queued_timeout', 3_600_000],
    ['never ends', { fault: 'stuck-in-progress' }, 'run_timeout', 24 * 3_600_000],
  ])(
    'a response that %s is cancelled at its limit: %o, %s (agno 7444)',
    async (_name, fault, code, limitMs) => {
      const s = scenario({ faults: [fault], runner: { mode } });
      const began = s.clock.now();
      const run = s.start();
      const error = await s.rejection(run.result());
      expect(error).toBeInstanceOf(RunLimitError);
      expect(error).toMatchObject({ code, view: { status: 'incomplete', error: { code } } });
      expect(s.clock.now() - began).toBeGreaterThanOrEqual(limitMs);
      expect(s.clock.now() - began).toBeLessThan(limitMs + 10_000);
      expect(s.sent().filter((kind) => kind === 'cancel')).toHaveLength(1);
      expect(s.sent().at(-1)).toMatch(/cancel|poll/);
    },
  );

  test('a quota failure that arrives as 200 with `status: failed` fails the run (TeXRA 3851)', async () => {
    const s = scenario({
      script: [{ fail: { code: 'insufficient_quota', message: 'Pay.' } }],
      runner: { mode },
    });
    const error = await s.rejection(s.start().result());
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({ code: 'insufficient_quota' });
    expect(s.creates()).toHaveLength(1);
  });

  test('a structured output is parsed only after its response is completed (agent-framework 5145)', async () => {
    const output = z.object({ umbrella: z.boolean() });
    const script = [{ text: '{"umbrella":false}', queuedMs: 60_000, runMs: 60_000 }];
    const s = scenario({ script, agent: { output, tools: [] }, runner: { mode } });
    const run = s.start();
    await s.clock.advance(90_000);
    expect(run.view.status).toBe('in_progress');
    expect(run.view).not.toHaveProperty('output');
    expect((await s.settle(run.result())).output).toEqual({ umbrella: false });
    expect(run.view.output).toEqual({ umbrella: false });
  });

  test('a failed response does not complete the run (agent-framework, .NET 7497)', async () => {
    const s = scenario({
      script: [{ fail: { code: 'invalid_prompt', message: 'Not this.' } }],
      runner: { mode },
    });
    const run = s.start();
    const error = await s.rejection(run.result());
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({ code: 'invalid_prompt', message: expect.stringContaining('Not this.') });
    expect(run.view).toMatchObject({ status: 'failed', text: '', error: { code: 'invalid_prompt' } });
  });
});

describe('waiting by polls', () => {
  test.each<[string, Fault]>([
    ['a reset connection', { fault: 'reset', on: 'poll', times: 3 }],
    ['a refused connection', { fault: 'refused', on: 'poll', times: 3 }],
    ['503', { fault: 'http', status: 503, on: 'poll', times: 3 }],
    ['a proxy’s 502', { fault: 'http', status: 502, envelope: false, on: 'poll', times: 3 }],
    ['an empty body', { fault: 'empty-body', on: 'poll', times: 3 }],
    ['a truncated body', { fault: 'cut-body', on: 'poll', times: 3 }],
    ['a body that is not JSON', { fault: 'malformed-body', on: 'poll', times: 3 }],
    ['a 404 shortly after the create', { fault: 'get-404-for', ms: 6_000, iteration: 0 }],
  ])('%s does not fail the run, which keeps polling the id (inspect_ai 4880)', async (_name, fault) => {
    const s = scenario({ faults: [fault], runner: { mode: 'poll' } });
    const run = s.start();
    await s.clock.advance(4_000);
    expect(run.view.waiting?.error?.code).toMatch(/\w/);
    expect((await s.settle(run.result())).text).toBe('Leave the umbrella at home.');
    expect(run.view.warnings).toEqual([]);
    expect(s.emulator.generations).toBe(2);
    expect(s.creates()).toHaveLength(2);
  });

  test('a crash does not lose the job: its id is saved before the first poll (TeXRA 2554)', async () => {
    const s = scenario({ runner: { mode: 'poll' } });
    const run = s.start();
    await s.quiet();
    expect(s.sent()).toEqual(['create']);
    const saved = await s.store.load(run.id);
    expect(saved?.head.phase).toMatchObject({ type: 'waiting', pending: { status: 'queued' } });
    // The process crashes here. The next one has only the saved run.
    await s.clock.advance(0);
    const snapshot = saved === undefined ? undefined : JSON.parse(JSON.stringify(saved));
    const other = scenario({ clock: s.clock, runner: { mode: 'poll' } });
    other.emulator.restore(s.emulator.snapshot());
    const resumed = await other.runner.resume(other.agent, snapshot);
    expect((await other.settle(resumed.result())).text).toBe('Leave the umbrella at home.');
    // The first request of the new process is a poll, so the pending iteration has only one job.
    expect(other.sent()[1]).toBe('poll');
    expect(other.emulator.generations).toBe(2);
  });
});

test('a run does not execute a tool again after its stream is resumed (agent-framework 8357)', async () => {
  const s = scenario({
    faults: [
      { fault: 'drop-after-event', n: 4, iteration: 0 },
      { fault: 'drop-after-event', n: 4, iteration: 1 },
    ],
    runner: { mode: 'stream' },
  });
  const run = s.start();
  expect((await s.settle(run.result())).text).toBe('Leave the umbrella at home.');
  expect(s.sent()).toEqual(['create', 'stream after 4', 'create', 'stream after 4']);
  expect(s.executed).toEqual(['Paris']);
});
