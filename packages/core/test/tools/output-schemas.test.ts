import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { scenario, type Scenario, type ScenarioOptions } from '../../test-support/scenario.ts';
import type { AgentTool } from '../../src/agent/collect-tools.ts';
import { tool } from '../../src/agent/tool.ts';
import type { Iteration } from '../../src/testing/index.ts';
import { isJsonObject, type JsonObject } from '../../src/wire/json.ts';

const output = z.object({ tempC: z.number() });
const parameters = z.object({ city: z.string() });
const base = { name: 'f', parameters, output } as const;

const script = (args: JsonObject | string = { city: 'Paris' }): readonly Iteration[] => [
  { calls: [{ name: 'f', arguments: args, callId: 'call_1' }] },
  { text: 'Done.' },
];

/** The emulator rejects an output that is not JSON if the call’s tool has an `output_schema`, as the API does. */
function scenarioWith(f: AgentTool, options: ScenarioOptions = {}): Scenario {
  return scenario({ script: script(), tools: [f], ...options });
}

/** The output of the call in the last create. */
function lastOutput(s: Scenario): unknown {
  const input = s.creates().at(-1)?.['input'];
  const outputs = Array.isArray(input) ? input.filter(isJsonObject) : [];
  const text = outputs.find(({ type }) => type === 'function_call_output')?.['output'];
  expect(text).toBeTypeOf('string');
  return JSON.parse(String(text));
}

const throws = (message: string) => (): never => {
  throw new Error(message);
};

describe('a tool with an output schema sends JSON (agents-python 3932, vercel ai 18590)', () => {
  test.each<[string, unknown, unknown]>([
    ['an object', { tempC: 21 }, { tempC: 21 }],
    ['undefined', undefined, null],
    ['a string', 'sunny', 'sunny'],
    ['an empty string', '', ''],
    ['a string that looks like a number', '21', '21'],
    ['a string with quotes and a lone surrogate', 'a "b" \ud83d', 'a "b" \ufffd'],
    ['JSON that the tool wrote itself', '{"tempC":21}', { tempC: 21 }],
  ])('for its result: %s', async (_name, result, expected) => {
    const s = scenarioWith(tool({ ...base, execute: () => result }));
    const view = await s.settle(s.start().done());
    expect(view.error).toBeUndefined();
    expect(lastOutput(s)).toEqual(expected);
    expect(view.toolCalls).toMatchObject([{ status: 'completed' }]);
    if (result === 'sunny') expect(view.toolCalls[0]?.output).toBe('sunny');
  });

  test.each<[string, AgentTool, JsonObject | string, RegExp]>([
    ['it throws', tool({ ...base, execute: throws('down') }), { city: 'x' }, /^down$/],
    [
      'it times out',
      tool({ ...base, timeoutMs: 5, execute: () => new Promise(() => undefined) }),
      { city: 'x' },
      /longer than 5 ms/,
    ],
    ['its arguments are invalid', tool({ ...base, execute: () => 1 }), { city: 7 }, /city/],
    ['its arguments are truncated', tool({ ...base, execute: () => 1 }), '{"city":', /JSON/],
    [
      'its result cannot be sent',
      tool({ ...base, execute: () => new Response('x') }),
      { city: 'x' },
      /Response/,
    ],
    ['its result is circular', tool({ ...base, execute: () => circle() }), { city: 'x' }, /circular/i],
    [
      'it returns content parts',
      tool({ ...base, execute: () => [{ type: 'input_text', text: 'x' }] }),
      { city: 'x' },
      /"f".*output schema.*input_text/,
    ],
    [
      'its text is too long as JSON',
      tool({ ...base, execute: () => '"'.repeat(6_000_000) }),
      { city: 'x' },
      /12000002 characters/,
    ],
    [
      'its needsApproval throws',
      tool({ ...base, needsApproval: throws('who'), execute: () => 1 }),
      { city: 'x' },
      /who/,
    ],
  ])('for an error, if %s', async (_name, f, args, message) => {
    const s = scenarioWith(f, { script: script(args) });
    const view = await s.settle(s.start().done());
    expect(view.error).toBeUndefined();
    expect(lastOutput(s)).toEqual({ error: expect.stringMatching(message) });
    expect(view.toolCalls[0]).not.toHaveProperty('output');
    expect(view.toolCalls[0]?.error?.message).toMatch(message);
    expect((await s.runner.read(view.runId))?.toolCalls).toEqual(view.toolCalls);
  });

  test('for an error of a tool in a namespace', async () => {
    const weather = {
      type: 'namespace',
      name: 'w',
      description: 'Weather.',
      tools: [tool({ ...base, execute: throws('down') })],
    };
    const calls = [{ name: 'f', namespace: 'w', arguments: { city: 'x' }, callId: 'call_1' }];
    const s = scenarioWith(weather, { script: [{ calls }, { text: 'Done.' }] });
    expect((await s.settle(s.start().done())).error).toBeUndefined();
    expect(lastOutput(s)).toEqual({ error: 'down' });
  });

  test('for a denial in another process, in a replay', async () => {
    const s = scenarioWith(tool({ ...base, needsApproval: true, execute: () => 1 }), {
      runner: { continuation: 'replay' },
    });
    const first = s.start();
    await s.clock.advance(60_000);
    await Promise.all([s.runner.close({ graceMs: 0 }), s.clock.advance(20_000)]);
    const run = await s.reboot().resume(s.agent, first.id);
    await s.clock.advance(120_000);
    await run.deny('call_1', 'not now');
    expect((await s.settle(run.done())).error).toBeUndefined();
    expect(lastOutput(s)).toEqual({ error: 'The call was denied. not now' });
  });

  test.each<[string, unknown, unknown]>([
    ['plain text', 'sunny', 'sunny'],
    ['an object', { tempC: 21 }, { tempC: 21 }],
    ['content parts', [{ type: 'input_text', text: 'x' }], { error: expect.stringMatching(/input_text/) }],
  ])('for a submitted output: %s', async (_name, given, expected) => {
    const s = scenarioWith(tool(base));
    const run = s.start();
    await s.clock.advance(60_000);
    await run.respond([{ type: 'output', callId: 'call_1', output: given }]);
    expect((await s.settle(run.done())).error).toBeUndefined();
    expect(lastOutput(s)).toEqual(expected);
  });

  test('for a submitted error', async () => {
    const s = scenarioWith(tool(base));
    const run = s.start();
    await s.clock.advance(60_000);
    await run.respond([{ type: 'error', callId: 'call_1', message: 'gone' }]);
    expect((await s.settle(run.done())).error).toBeUndefined();
    expect(lastOutput(s)).toEqual({ error: 'gone' });
  });

  test('for an interrupted call', async () => {
    const f = tool({ ...base, execute: () => new Promise(() => undefined) });
    const s = scenarioWith(f);
    const first = s.start();
    await s.clock.advance(60_000);
    await Promise.all([s.runner.close({ graceMs: 0 }), s.clock.advance(20_000)]);
    const run = await s.reboot().resume(s.agent, first.id);
    expect((await s.settle(run.done())).error).toBeUndefined();
    expect(lastOutput(s)).toEqual({ error: expect.stringMatching(/not known/) });
  });

  test.each(['auto', 'replay'] as const)(
    'for a call that was not executed, in a run that continues the conversation: %s',
    async (continuation) => {
      const s = scenarioWith(tool({ ...base, execute: () => 1 }), {
        agent: { maxIterations: 1 },
        runner: { continuation },
      });
      const first = s.start();
      expect((await s.settle(first.done())).status).toBe('incomplete');
      const run = s.start('Go on', { continueFrom: first.id });
      const view = await s.settle(run.done());
      expect(view.error).toBeUndefined();
      expect(lastOutput(s)).toEqual({ error: expect.stringMatching(/not run/) });
    },
  );

  test('if only prepareRequest declares the schema', async () => {
    const f = tool({ ...base, execute: throws('down') });
    const plain = tool({ name: 'f', parameters, execute: throws('down') });
    const s = scenarioWith(plain, {
      agent: { prepareRequest: (request) => ({ ...request, tools: [f.definition] }) },
    });
    expect((await s.settle(s.start().done())).error).toBeUndefined();
    expect(lastOutput(s)).toEqual({ error: 'down' });
  });
});

function circle(): object {
  const one: Record<string, unknown> = {};
  one['one'] = one;
  return one;
}
