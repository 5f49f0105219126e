import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { scenario } from '../../test-support/scenario.ts';
import { customTool } from '../../src/agent/custom-tool.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';
import { ConfigurationError } from '../../src/errors/configuration-error.ts';
import type { Decision } from '../../src/engine/decision.ts';
import { DecisionError } from '../../src/errors/decision-error.ts';
import { RunFailedError } from '../../src/run/run-failed-error.ts';
import { RunLimitError } from '../../src/run/run-limit-error.ts';
import type { Fault, Iteration } from '../../src/testing/index.ts';
import { isJsonObject, type JsonObject } from '../../src/wire/json.ts';

const city = z.object({ city: z.string() });

/** The outputs that a create sends, by call id. */
function outputsIn(body: JsonObject | undefined): Record<string, unknown> {
  const input = Array.isArray(body?.['input']) ? body['input'] : [];
  const outputs = input.filter(isJsonObject).filter(({ type }) => String(type).endsWith('_output'));
  return Object.fromEntries(outputs.map(({ call_id: id, output }) => [String(id), output]));
}

const isReplay = (body: JsonObject | undefined): boolean => body?.['previous_response_id'] === undefined;

describe('every call gets its output, whatever happened to it (agents-python 673, agent-framework 2889, 7872)', () => {
  test('tools that fail, time out, are unknown, or get arguments that do not fit', async () => {
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

  test('a run that was cut short is carried on: what it left open is answered first', async () => {
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

describe.each(['poll', 'stream'] as const)('a chain that the server refuses, mode %s', (mode) => {
  const refusals: readonly (readonly [string, Fault])[] = [
    [
      'Azure loses the calls of a background predecessor (agent-framework 7538)',
      { fault: 'azure-loses-calls' },
    ],
    [
      'a finished response cannot be referred to for long (dotnet/extensions 7704)',
      { fault: 'previous-response-not-found-for', ms: 60_000 },
    ],
  ];
  test.each(refusals)('%s: replayed, outputs sent again, nothing executed again', async (_name, fault) => {
    const script = [
      { reasoning: true, calls: [{ name: 'get_weather', arguments: { city: 'Paris' }, callId: 'call_1' }] },
      { text: 'Leave it.' },
    ];
    const s = scenario({ script, faults: [fault], runner: { mode } });
    const run = s.start();
    expect((await s.settle(run.result())).text).toBe('Leave it.');
    expect(s.executed).toEqual(['Paris']);
    expect(run.view.warnings.map(({ code }) => code)).toEqual(['replay']);
    const creates = s.creates();
    const output = { type: 'function_call_output', call_id: 'call_1', output: '{"tempC":21}' };
    expect(isReplay(creates.at(-1))).toBe(true);
    expect(creates.at(-1)?.['input']).toMatchObject([
      { role: 'user' },
      { type: 'reasoning' },
      { type: 'function_call', call_id: 'call_1' },
      output,
    ]);
    expect(creates.slice(1, -1).every((body) => !isReplay(body))).toBe(true);
    expect(creates.slice(1, -1).map((body) => outputsIn(body))).toEqual(
      creates.slice(1, -1).map(() => ({ call_1: '{"tempC":21}' })),
    );
    expect(creates.every(({ background }) => background === true)).toBe(true);
    expect(s.emulator.generations).toBe(2);
  });

  test('one that is not found for a moment is sent again, as it was (dotnet/extensions 7704)', async () => {
    const s = scenario({
      faults: [{ fault: 'previous-response-not-found-for', ms: 2_500 }],
      runner: { mode },
    });
    const run = s.start();
    await s.settle(run.result());
    expect(run.view.warnings).toEqual([]);
    expect(
      s
        .creates()
        .slice(1)
        .every((body) => !isReplay(body)),
    ).toBe(true);
    expect(s.creates().length).toBeGreaterThan(2);
    expect(s.executed).toEqual(['Paris']);
  });
});

describe('tool_choice', () => {
  test.each([
    ['required', 'required', 'auto'],
    ['a forced function', { type: 'function', name: 'get_weather' }, 'auto'],
  ])(
    '%s becomes `auto` after the first iteration: sent again, the run would never end',
    async (_name, choice, later) => {
      const s = scenario({ agent: { request: { tool_choice: choice } } });
      expect((await s.settle(s.start().result())).text).toBe('Leave the umbrella at home.');
      expect(s.creates().map((body) => body['tool_choice'])).toEqual([choice, later]);
    },
  );
});

describe('items that only the client could execute', () => {
  test.each(['computer', 'computer_use_preview', 'local_shell', 'shell', 'apply_patch'])(
    '%s is refused where the agent is defined',
    (type) => {
      const define = () => defineAgent({ name: 'a', model: 'm', tools: [{ type }] });
      expect(define).toThrow(ConfigurationError);
      expect(define).toThrow(new RegExp(`tools\\[0\\].*"${type}"`));
    },
  );

  test('that come all the same end the run with a type, and look like no finished run', async () => {
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

describe('encrypted reasoning', () => {
  test('is not asked for where it is not needed: plain models refuse it (agent-framework 7483)', async () => {
    const s = scenario({ faults: [{ fault: 'no-reasoning-include' }] });
    await s.settle(s.start().result());
    expect(s.creates().every((body) => body['include'] === undefined)).toBe(true);
  });

  test('is left out and the create repeated, once, where a model refuses it', async () => {
    const s = scenario({ faults: [{ fault: 'no-reasoning-include' }], runner: { continuation: 'replay' } });
    expect((await s.settle(s.start().result())).text).toBe('Leave the umbrella at home.');
    expect(s.creates().map((body) => body['include'])).toEqual([
      ['reasoning.encrypted_content'],
      undefined,
      undefined,
    ]);
    expect(s.emulator.generations).toBe(2);
  });
});

describe('a deploy in the middle of a run', () => {
  const book = { name: 'book', arguments: { seats: 2 }, callId: 'call_b' };
  const seats = z.object({ seats: z.number() });

  async function interrupted(before: Parameters<typeof tool>[0]) {
    const s = scenario({ script: [{ calls: [book] }, { text: 'Booked.' }], tools: [tool(before)] });
    const run = s.start();
    await s.clock.advance(60_000);
    await run.detach();
    return { s, run };
  }

  test('a tool that has gone settles its call, with a warning', async () => {
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

  test('the stricter rule about approval holds, the old one as the new', async () => {
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

test('a chained create sends only what is new: no item twice (agent-framework 3295)', async () => {
  const calls = (callId: string) => ({
    reasoning: true,
    calls: [{ name: 'get_weather', arguments: { city: callId }, callId }],
  });
  const s = scenario({ script: [calls('call_a'), calls('call_b'), calls('call_c'), { text: 'Done.' }] });
  await s.settle(s.start().result());
  const inputs = s.creates().map((body) => (Array.isArray(body['input']) ? body['input'].length : 0));
  expect(inputs).toEqual([1, 1, 1, 1]);
  expect(
    s
      .creates()
      .slice(1)
      .map((body) => Object.keys(outputsIn(body))),
  ).toEqual([['call_a'], ['call_b'], ['call_c']]);
});

test('bytes sent grow with the outputs, not with the square of the iterations (ai 7, @openai/agents)', async () => {
  const iterations: Iteration[] = Array.from({ length: 18 }, (_, iteration) => ({
    text: 'Thinking about it, at some length. '.repeat(20),
    calls: [{ name: 'get_weather', arguments: { city: `City ${iteration}` } }],
  }));
  const s = scenario({ script: [...iterations, { text: 'Done.' }] });
  await s.settle(s.start().result());
  const sizes = s.creates().map((body) => JSON.stringify(body).length);
  expect(sizes).toHaveLength(19);
  expect(Math.max(...sizes.slice(1)) - Math.min(...sizes.slice(1))).toBeLessThan(20);
});

test('replay keeps output items verbatim and in order: reasoning stays with its call (agent-framework 2441, 6074)', async () => {
  const script = [
    {
      reasoning: 'First the weather.',
      text: 'Let me look.',
      calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }],
    },
    { reasoning: true, calls: [{ name: 'get_weather', arguments: { city: 'Rome' } }] },
    { text: 'Done.' },
  ];
  const s = scenario({ script, runner: { continuation: 'replay' } });
  const run = s.start();
  await s.settle(run.result());
  const input = s.creates()[2]?.['input'];
  const produced = run.view.items.filter(({ iteration }) => iteration < 2).map(({ item }) => item);
  const isOutput = (item: unknown): boolean => isJsonObject(item) && item['type'] === 'function_call_output';
  expect((Array.isArray(input) ? input : []).filter((item) => !isOutput(item)).slice(1)).toEqual(produced);
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
  ])('%s has an output that the API takes', async (_name, result, output) => {
    const returns = tool({ name: 'get_weather', parameters: city, execute: () => result });
    const s = scenario({ tools: [returns] });
    await s.settle(s.start().result());
    expect(outputsIn(s.creates()[1])).toEqual({ call_1: output });
  });

  test('a thrown error is told to the model, and the run goes on (openai ResponsesToolRunner, @openai/agents)', async () => {
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

  test('and bounded: a model that goes on calling what fails comes to an end', async () => {
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

describe('approvals', () => {
  const seats = z.object({ seats: z.number() });

  function booking(script: Iteration[], faults: Fault[] = []) {
    const executed: number[] = [];
    const book = tool({
      name: 'book',
      parameters: seats,
      needsApproval: true,
      execute: (args) => {
        executed.push(args.seats);
        return 'booked';
      },
    });
    const free = tool({ name: 'free', parameters: seats, execute: () => 'free' });
    return { ...scenario({ script, faults, tools: [book, free] }), booked: executed };
  }

  const bookTwo: Iteration = {
    calls: [
      { name: 'book', arguments: { seats: 1 }, callId: 'call_a' },
      { name: 'free', arguments: { seats: 0 }, callId: 'call_f' },
      { name: 'book', arguments: { seats: 2 }, callId: 'call_b' },
    ],
  };

  test('the result is saved first and sent again, where the model call after it fails (agent-framework 7458)', async () => {
    const s = booking([bookTwo, { text: 'Done.' }], [{ fault: 'http', status: 503, iteration: 1, times: 3 }]);
    const run = s.start();
    await s.clock.advance(60_000);
    await run.respond([
      { type: 'approve', callId: 'call_a' },
      { type: 'approve', callId: 'call_b' },
    ]);
    await s.settle(run.result());
    expect(s.booked).toEqual([1, 2]);
    const sent = s.creates().slice(1);
    expect(sent).toHaveLength(4);
    for (const body of sent)
      expect(outputsIn(body)).toEqual({ call_a: 'booked', call_f: 'free', call_b: 'booked' });
  });

  test('a decision counts once, for the recorded call (agent-framework 6851)', async () => {
    const later: Iteration = { calls: [{ name: 'book', arguments: { seats: 9 }, callId: 'call_later' }] };
    const s = booking([bookTwo, later, { text: 'Done.' }]);
    const run = s.start();
    await s.clock.advance(60_000);
    await run.respond([
      { type: 'approve', callId: 'call_a' },
      { type: 'deny', callId: 'call_b', reason: 'Too many.' },
    ]);
    await s.clock.advance(60_000);
    expect(s.booked).toEqual([1]);
    expect(run.view.status).toBe('requires_action');
    // The old approval, replayed on the later turn, is nobody's.
    await expect(run.approve('call_a')).rejects.toBeInstanceOf(DecisionError);
    await s.clock.advance(60_000);
    expect(s.booked).toEqual([1]);
    await run.approve('call_later');
    await s.settle(run.result());
    expect(s.booked).toEqual([1, 9]);
  });

  test('of several, all wait and all are answered in one create (agent-framework 6910)', async () => {
    const s = booking([bookTwo, { text: 'Done.' }]);
    const run = s.start();
    await s.clock.advance(60_000);
    expect(run.view.toolCalls.map(({ status }) => status)).toEqual([
      'awaiting_approval',
      'completed',
      'awaiting_approval',
    ]);
    await run.approve('call_b');
    await s.clock.advance(24 * 3_600_000);
    expect(s.creates()).toHaveLength(1);
    expect(s.booked).toEqual([2]);
    await run.deny('call_a', 'Not today.');
    await s.settle(run.result());
    expect(s.creates()).toHaveLength(2);
    expect(outputsIn(s.creates()[1])).toEqual({
      call_a: expect.stringContaining('Not today.'),
      call_f: 'free',
      call_b: 'booked',
    });
  });

  test('approved by a program, for ever: the run has its iterations all the same (agent-framework 7472)', async () => {
    const s = booking([]);
    const endless = scenario({
      script: () => ({ calls: [{ name: 'book', arguments: { seats: 1 } }] }),
      tools: [...s.agent.tools.values()],
      agent: { maxIterations: 6 },
    });
    const run = endless.start();
    run.subscribe(() => {
      const waiting = run.view.toolCalls.find(({ status }) => status === 'awaiting_approval');
      if (waiting !== undefined) void run.approve(waiting.callId).catch(() => undefined);
    });
    const error = await endless.rejection(run.result());
    expect(error).toMatchObject({ code: 'max_iterations' });
    expect(endless.creates()).toHaveLength(6);
    expect(s.booked).toHaveLength(5);
  });
});

test('custom tools work like functions', async () => {
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

describe('a decision is bounded as outputs are: the API would refuse the create, and the run would fail (issue 38)', () => {
  const long = 'x'.repeat(10_485_760);

  test.each<[string, Decision, string]>([
    ['deny', { type: 'deny', callId: 'call_1', reason: long }, 'awaiting_approval'],
    ['error', { type: 'error', callId: 'call_1', message: long }, 'awaiting_output'],
  ])(
    '%s with a text that is too long is refused, and the call still waits',
    async (type, decision, waits) => {
      const needsApproval = type === 'deny';
      const f = tool({ name: 'f', parameters: city, needsApproval });
      const script = [
        { calls: [{ name: 'f', arguments: { city: 'a' }, callId: 'call_1' }] },
        { text: 'Done.' },
      ];
      const s = scenario({ script, tools: [f] });
      const run = s.start();
      await s.clock.advance(60_000);
      const refused = expect(run.respond([decision])).rejects.toThrow(/call_1.*characters.*at most 10485760/);
      await refused;
      await expect(run.respond([decision])).rejects.toBeInstanceOf(DecisionError);
      expect(run.view.toolCalls).toMatchObject([{ status: waits }]);
      await run.respond([
        type === 'deny' ? { type, callId: 'call_1' } : { type: 'error', callId: 'call_1', message: 'no' },
      ]);
      expect((await s.settle(run.done())).status).toBe('completed');
    },
  );
});
