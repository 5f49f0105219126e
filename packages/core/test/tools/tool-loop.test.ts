import * as z from 'zod';
import { describe, expect, test } from 'vitest';
import { scenario } from '../../test-support/scenario.ts';
import { customTool } from '../../src/agent/custom-tool.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';
import { ConfigurationError } from '../../src/errors/configuration-error.ts';
import { RunFailedError, RunLimitError } from '../../src/run/run-error.ts';
import { outputsIn } from '../../test-support/outputs-in.ts';

const city = z.object({ city: z.string() });

describe('every call gets its output, even if it failed (agents-python 673, agent-framework 2889, 7872)', () => {
  test('from tools that fail, time out, are unknown, or get invalid arguments', async () => {
    const fails = tool({
      name: 'fails',
      parameters: city,
      execute: () => {
        throw new Error('The station is down.');
      },
    });
    const hangs = tool({
      name: 'hangs',
      parameters: city,
      timeoutMs: 5_000,
      execute: () => new Promise(() => undefined),
    });
    const works = tool({ name: 'works', parameters: city, execute: () => 'fine' });
    const calls = [
      { name: 'hangs', arguments: { city: 'a' }, callId: 'call_hangs' },
      { name: 'invented', arguments: {}, callId: 'call_invented' },
      { name: 'works', arguments: '{"city":', callId: 'call_cut' },
      { name: 'works', arguments: { city: 7 }, callId: 'call_wrong' },
      { name: 'fails', arguments: { city: 'b' }, callId: 'call_fails' },
      { name: 'works', arguments: { city: 'c' }, callId: 'call_works' },
    ];
    const s = scenario({ script: [{ calls }, { text: 'Done.' }], tools: [fails, hangs, works] });
    const run = s.start();
    expect((await s.settle(run.result())).text).toBe('Done.');
    const outputs = outputsIn(s.creates()[1]);
    expect(Object.keys(outputs)).toEqual(calls.map(({ callId }) => callId));
    expect(outputs).toMatchObject({
      call_hangs: expect.stringContaining('longer than 5000 ms'),
      call_invented: expect.stringMatching(/no tool "invented".*fails, hangs, works/),
      call_cut: expect.stringMatching(/JSON/),
      call_wrong: expect.stringMatching(/city/),
      call_fails: expect.stringContaining('The station is down.'),
      call_works: 'fine',
    });
    expect(run.view.toolCalls.map(({ status }) => status)).toEqual([
      'timed_out',
      'failed',
      'failed',
      'failed',
      'failed',
      'completed',
    ]);
  });

  test('from a run that continues one that ended early, and sends the missing outputs first', async () => {
    const s = scenario({ agent: { maxIterations: 1 } });
    const first = s.start();
    const error = await s.rejection(first.result());
    expect(error).toMatchObject({ code: 'max_iterations' });
    expect(first.view.toolCalls).toMatchObject([{ status: 'cancelled' }]);
    const next = s.start('And now?', { continueFrom: first.id });
    await s.settle(next.result());
    expect(s.creates()[1]).toMatchObject({
      previous_response_id: expect.stringMatching(/^resp_/),
      input: [
        { type: 'function_call_output', call_id: 'call_1', output: expect.stringContaining('not run') },
        { role: 'user', content: 'And now?' },
      ],
    });
  });
});

describe('tool_choice', () => {
  test.each([
    ['required', 'required', 'auto'],
    ['a forced function', { type: 'function', name: 'get_weather' }, 'auto'],
  ])(
    '%s becomes `auto` after the first iteration, because the model would otherwise never answer',
    async (_name, choice, later) => {
      const s = scenario({ agent: { request: { tool_choice: choice } } });
      expect((await s.settle(s.start().result())).text).toBe('Leave the umbrella at home.');
      expect(s.creates().map((body) => body['tool_choice'])).toEqual([choice, later]);
    },
  );
});

describe('tools and items that only the client could execute', () => {
  test.each(['computer', 'computer_use_preview', 'local_shell', 'shell', 'apply_patch'])(
    '%s is rejected when the agent is defined',
    (type) => {
      const define = () => defineAgent({ name: 'a', model: 'm', tools: [{ type }] });
      expect(define).toThrow(ConfigurationError);
      expect(define).toThrow(new RegExp(`tools\\[0\\].*"${type}"`));
    },
  );

  test('that the server sends anyway fail the run with their type', async () => {
    const items = [{ type: 'computer_call', id: 'cu_1', call_id: 'call_9', action: { type: 'screenshot' } }];
    const s = scenario({ script: [{ items, text: 'Look:' }] });
    const error = await s.rejection(s.start().result());
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({
      code: 'unsupported_call',
      message: expect.stringContaining('computer_call'),
    });
  });
});

describe('a deploy during a run', () => {
  const book = { name: 'book', arguments: { seats: 2 }, callId: 'call_b' };
  const seats = z.object({ seats: z.number() });

  async function interrupted(before: Parameters<typeof tool>[0]) {
    const s = scenario({ script: [{ calls: [book] }, { text: 'Booked.' }], tools: [tool(before)] });
    const run = s.start();
    await s.clock.advance(60_000);
    await run.detach();
    return { s, run };
  }

  test('the waiting call of a removed tool fails, with a warning', async () => {
    const { s, run } = await interrupted({
      name: 'book',
      parameters: seats,
      needsApproval: true,
      execute: () => 'ok',
    });
    const without = defineAgent({ name: 'weather', model: 'gpt-6-astra' });
    const resumed = await s.reboot({ agents: [without] }).resume(without, run.id);
    await s.settle(resumed.result());
    expect(resumed.view.toolCalls).toMatchObject([{ status: 'failed', error: { code: 'unknown_tool' } }]);
    expect(resumed.view.warnings.map(({ code }) => code)).toEqual(['agent_changed']);
    expect(outputsIn(s.creates().at(-1))).toHaveProperty('call_b');
  });

  test('a call still waits for approval if the new agent requires none', async () => {
    const { s, run } = await interrupted({
      name: 'book',
      parameters: seats,
      needsApproval: true,
      execute: () => 'old',
    });
    let executions = 0;
    const lax = tool({ name: 'book', parameters: seats, execute: () => `new ${(executions += 1)}` });
    const agent = defineAgent({ name: 'weather', model: 'gpt-6-astra', tools: [lax] });
    const resumed = await s.reboot({ agents: [agent] }).resume(agent, run.id);
    await s.clock.advance(3_600_000);
    expect(resumed.view.status).toBe('requires_action');
    expect(executions).toBe(0);
    await resumed.approve('call_b');
    await s.settle(resumed.result());
    expect(executions).toBe(1);
    expect(outputsIn(s.creates().at(-1))).toEqual({ call_b: 'new 1' });
  });
});

describe('results', () => {
  test.each<[string, unknown, unknown]>([
    ['undefined (agent-framework 1179)', undefined, 'null'],
    ['null', null, 'null'],
    ['false', false, 'false'],
    ['zero', 0, '0'],
    ['the empty string', '', ''],
    ['a string, verbatim', '{"not":"quoted"}', '{"not":"quoted"}'],
    ['an object', { a: [1] }, '{"a":[1]}'],
    ['an empty list', [], '[]'],
    ['content parts', [{ type: 'input_text', text: 'hi' }], [{ type: 'input_text', text: 'hi' }]],
  ])('%s is sent as an output that the emulator accepts', async (_name, result, output) => {
    const returns = tool({ name: 'get_weather', parameters: city, execute: () => result });
    const s = scenario({ tools: [returns] });
    await s.settle(s.start().result());
    expect(outputsIn(s.creates()[1])).toEqual({ call_1: output });
  });

  test('a thrown error is sent to the model, and the run continues (openai, @openai/agents)', async () => {
    const throws = tool({
      name: 'get_weather',
      parameters: city,
      execute: async () => {
        throw new RangeError('No such city.');
      },
    });
    const s = scenario({ tools: [throws] });
    expect((await s.settle(s.start().result())).text).toBe('Leave the umbrella at home.');
    expect(outputsIn(s.creates()[1])).toEqual({ call_1: 'Error: No such city.' });
  });

  test('a run ends if its model keeps calling a tool that fails', async () => {
    const throws = tool({
      name: 'get_weather',
      parameters: city,
      execute: () => {
        throw new Error('No.');
      },
    });
    const s = scenario({
      script: () => ({ calls: [{ name: 'get_weather', arguments: { city: 'x' } }] }),
      tools: [throws],
    });
    const error = await s.rejection(s.start().result());
    expect(error).toBeInstanceOf(RunLimitError);
    expect(error).toMatchObject({ code: 'tool_errors' });
    expect(s.creates()).toHaveLength(5);
  });
});

test('explicit nulls and falsy arguments reach the tool (agent-framework 7108)', async () => {
  const seen: unknown[] = [];
  const takes = tool({
    name: 'takes',
    parameters: z.object({
      zero: z.number(),
      no: z.boolean(),
      empty: z.string(),
      nothing: z.string().nullable(),
      left: z.string().optional(),
    }),
    execute: (args) => {
      seen.push(args);
      return 'ok';
    },
  });
  const args = { zero: 0, no: false, empty: '', nothing: null, left: null };
  const s = scenario({
    script: [{ calls: [{ name: 'takes', arguments: args }] }, { text: 'Done.' }],
    tools: [takes],
  });
  const run = s.start();
  await s.settle(run.result());
  expect(seen).toEqual([{ zero: 0, no: false, empty: '', nothing: null }]);
  expect(run.view.toolCalls[0]?.arguments).toEqual({ zero: 0, no: false, empty: '', nothing: null });
});

test('a custom tool receives the model’s text, and its result is sent as JSON', async () => {
  const seen: string[] = [];
  const query = customTool({
    name: 'query',
    execute: (input) => {
      seen.push(input);
      return { rows: 3 };
    },
  });
  const items = [{ type: 'custom_tool_call', call_id: 'call_q', name: 'query', input: 'SELECT 1' }];
  const s = scenario({ script: [{ items }, { text: 'Three.' }], tools: [query] });
  const run = s.start();
  await s.settle(run.result());
  expect(seen).toEqual(['SELECT 1']);
  expect(s.creates()[0]?.['tools']).toEqual([{ type: 'custom', name: 'query' }]);
  expect(s.creates()[1]?.['input']).toEqual([
    { type: 'custom_tool_call_output', call_id: 'call_q', output: '{"rows":3}' },
  ]);
  expect(run.view.toolCalls).toMatchObject([{ name: 'query', arguments: 'SELECT 1', output: { rows: 3 } }]);
});
