import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { scenario, type ScenarioOptions } from '../../test-support/scenario.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool, type Tool, type ToolOptions } from '../../src/agent/tool.ts';
import { ConfigurationError } from '../../src/errors/configuration-error.ts';
import { RunFailedError } from '../../src/run/run-failed-error.ts';
import type { SchemaSource } from '../../src/schema/tool-schema.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/wire/json.ts';

/** A tool called `t` that notes what it gets, in a run where the model calls it once. */
function calling(
  args: JsonValue,
  options: Omit<Partial<ToolOptions<'t', SchemaSource, unknown, unknown>>, 'name'>,
  more: ScenarioOptions = {},
) {
  const seen: unknown[] = [];
  const t = tool({
    name: 't',
    parameters: z.object({}),
    execute: (value) => {
      seen.push(value);
      return 'ok';
    },
    ...options,
  });
  const calls = [{ name: 't', arguments: args, callId: 'call_t' }];
  const s = scenario({ script: [{ calls }, { text: 'Done.' }], tools: [t], ...more });
  return { ...s, seen };
}

/** What the model was told. */
function toldBy(body: JsonObject | undefined): Record<string, unknown> {
  const input = Array.isArray(body?.['input']) ? body['input'].filter(isJsonObject) : [];
  return Object.fromEntries(input.map(({ call_id: id, output }) => [String(id), output]));
}

function wireOf(parameters: SchemaSource, options: { strict?: boolean } = {}): JsonValue | undefined {
  return tool({ name: 't', parameters, execute: () => 'ok', ...options }).definition['parameters'];
}

describe('strict mode', () => {
  test('closes every object, requires every property, makes optional ones nullable', () => {
    const parameters = z.object({
      city: z.string(),
      days: z.number().optional(),
      at: z.object({ h: z.int().optional() }),
    });
    expect(wireOf(parameters)).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['city', 'days', 'at'],
      properties: {
        city: { type: 'string' },
        days: { type: ['number', 'null'] },
        at: { additionalProperties: false, required: ['h'] },
      },
    });
  });

  test('drops `$schema` and `default`, and writes oneOf as anyOf', () => {
    const union = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a'), n: z.number() }),
      z.object({ kind: z.literal('b'), s: z.string() }),
    ]);
    const text = JSON.stringify(wireOf(z.object({ union, tone: z.string().default('kind') })));
    expect(text).toContain('anyOf');
    for (const gone of ['oneOf', '$schema', '"default"']) expect(text).not.toContain(gone);
  });

  test.each<[string, z.ZodObject]>([
    ['a record', z.object({ tags: z.record(z.string(), z.string()) })],
    ['an open object', z.object({ any: z.looseObject({ a: z.string() }) })],
  ])('%s is refused, with its path and the way out', (_name, parameters) => {
    const define = () => wireOf(parameters);
    expect(define).toThrow(ConfigurationError);
    expect(define).toThrow(/(tags|any)[\s\S]*strict: false[\s\S]*jsonSchema/);
    expect(() => wireOf(parameters, { strict: false })).not.toThrow();
  });

  test('what the API would refuse is what is sent nowhere: the emulator checks as the API does', async () => {
    const s = calling(
      { city: 'x', days: null },
      { parameters: z.object({ city: z.string(), days: z.number().optional() }) },
    );
    await s.settle(s.start().result());
    expect(s.creates()[0]?.['tools']).toMatchObject([{ type: 'function', name: 't', strict: true }]);
  });
});

describe('arguments', () => {
  const parameters = z.object({
    opt: z.string().optional(),
    nul: z.string().nullable(),
    both: z.string().nullish(),
  });

  test('a null is removed exactly where the schema makes the property optional and takes no null itself', async () => {
    const s = calling({ opt: null, nul: null, both: null }, { parameters });
    const run = s.start();
    await s.settle(run.result());
    expect(s.seen).toEqual([{ nul: null, both: null }]);
    expect(run.view.toolCalls).toMatchObject([{ arguments: { nul: null, both: null } }]);
  });

  test('within arrays and union branches, too', async () => {
    const item = z.union([
      z.object({ kind: z.literal('a'), note: z.string().optional() }),
      z.object({ kind: z.literal('b'), note: z.string().nullable() }),
    ]);
    const s = calling(
      {
        items: [
          { kind: 'a', note: null },
          { kind: 'b', note: null },
        ],
      },
      { parameters: z.object({ items: z.array(item) }) },
    );
    await s.settle(s.start().result());
    expect(s.seen).toEqual([{ items: [{ kind: 'a' }, { kind: 'b', note: null }] }]);
  });

  test('"" means {}', async () => {
    const s = calling('', {});
    const run = s.start();
    await s.settle(run.result());
    expect(s.seen).toEqual([{}]);
    expect(run.view.toolCalls).toMatchObject([{ rawArguments: '', arguments: {} }]);
  });

  test.each<[JsonValue]>([[null], [0], [false], ['text'], [[1]]])(
    'top-level %j is carried',
    async (value) => {
      const s = calling(JSON.stringify(value), { parameters: { jsonSchema: {} }, strict: false });
      const run = s.start();
      await s.settle(run.result());
      expect(s.seen).toEqual([value]);
      expect(run.view.toolCalls[0]?.arguments).toEqual(value);
    },
  );

  test('{ jsonSchema } validates only with `validate`', async () => {
    const jsonSchema = {
      type: 'object',
      properties: { n: { type: 'number' } },
      required: ['n'],
      additionalProperties: false,
    };
    const without = calling({ n: 'no number' }, { parameters: { jsonSchema } });
    await without.settle(without.start().result());
    expect(without.seen).toEqual([{ n: 'no number' }]);
    const validate = (value: unknown): number => {
      const n: unknown = isJsonObject(value) ? value['n'] : undefined;
      if (typeof n !== 'number') throw new Error('n must be a number');
      return n * 2;
    };
    const bad = calling({ n: 'no number' }, { parameters: { jsonSchema, validate } });
    await bad.settle(bad.start().result());
    expect(bad.seen).toEqual([]);
    expect(toldBy(bad.creates()[1])).toEqual({ call_t: expect.stringContaining('n must be a number') });
    const good = calling({ n: 21 }, { parameters: { jsonSchema, validate } });
    await good.settle(good.start().result());
    expect(good.seen).toEqual([42]);
  });

  test('that are bad give a failed call that tells the model what and where', async () => {
    const s = calling({ city: 7 }, { parameters: z.object({ city: z.string() }) });
    const run = s.start();
    await s.settle(run.result());
    expect(run.view.toolCalls).toMatchObject([
      { status: 'failed', arguments: { city: 7 }, error: { code: 'invalid_arguments' } },
    ]);
    expect(toldBy(s.creates()[1])).toEqual({ call_t: expect.stringMatching(/^Error: .*"t".*city/s) });
  });

  test('are validated before a person is asked', async () => {
    const s = calling({ city: 7 }, { parameters: z.object({ city: z.string() }), needsApproval: true });
    const run = s.start();
    await s.settle(run.result());
    expect(run.view.toolCalls).toMatchObject([{ status: 'failed' }]);
  });
});

describe('approval', () => {
  test('a needsApproval that throws fails its call', async () => {
    const s = calling(
      {},
      {
        needsApproval: () => {
          throw new Error('The rules are gone.');
        },
      },
    );
    const run = s.start();
    await s.settle(run.result());
    expect(s.seen).toEqual([]);
    expect(run.view.toolCalls).toMatchObject([{ status: 'failed' }]);
    expect(toldBy(s.creates()[1])).toEqual({ call_t: expect.stringContaining('The rules are gone.') });
  });

  test('may be asked for by the arguments and the context, in its own time', async () => {
    const asked: unknown[] = [];
    const s = calling(
      { seats: 9 },
      {
        parameters: z.object({ seats: z.number() }),
        needsApproval: async (args, about) => {
          asked.push([args, about]);
          return true;
        },
      },
    );
    const run = s.start('Hi', { runId: 'run_1', context: { user: 7 } });
    await s.clock.advance(60_000);
    expect(run.view).toMatchObject({
      status: 'requires_action',
      toolCalls: [{ status: 'awaiting_approval' }],
    });
    expect(asked).toEqual([[{ seats: 9 }, { callId: 'call_t', runId: 'run_1', context: { user: 7 } }]]);
    await run.approve('call_t');
    await s.settle(run.result());
    expect(s.seen).toEqual([{ seats: 9 }]);
  });

  test('hosted MCP asks a person, who is answered in the API’s form', async () => {
    const ask = (id: string) => ({
      type: 'mcp_approval_request',
      id,
      server_label: 's',
      name: 'm',
      arguments: '{"a":1}',
    });
    const s = scenario({ script: [{ items: [ask('mcpr_1'), ask('mcpr_2')] }, { text: 'Done.' }], tools: [] });
    const run = s.start();
    await s.clock.advance(60_000);
    expect(run.view).toMatchObject({
      status: 'requires_action',
      toolCalls: [{ callId: 'mcpr_1', name: 'm', arguments: { a: 1 } }, { callId: 'mcpr_2' }],
    });
    await run.approve('mcpr_1');
    await run.deny('mcpr_2', 'Not this one.');
    await s.settle(run.result());
    expect(s.creates()[1]?.['input']).toEqual([
      { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: true },
      {
        type: 'mcp_approval_response',
        approval_request_id: 'mcpr_2',
        approve: false,
        reason: 'Not this one.',
      },
    ]);
  });
});

describe('results', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  test.each<[string, unknown]>([
    ['a circle', circular],
    ['a bigint', { n: 1n }],
    ['a function', () => 'x'],
    ['a symbol', Symbol('x')],
  ])('that cannot be serialised give an error output: %s', async (_name, result) => {
    const s = calling({}, { execute: () => result });
    const run = s.start();
    await s.settle(run.result());
    expect(run.view.toolCalls).toMatchObject([{ status: 'failed' }]);
    expect(toldBy(s.creates()[1])).toEqual({ call_t: expect.stringMatching(/^Error: /) });
  });

  test('a string is sent verbatim, anything else as JSON; the view has the value', async () => {
    const s = calling({}, { execute: () => ({ at: new Date(0), list: [1, undefined], gone: undefined }) });
    const run = s.start();
    await s.settle(run.result());
    expect(toldBy(s.creates()[1])).toEqual({ call_t: '{"at":"1970-01-01T00:00:00.000Z","list":[1,null]}' });
    expect(run.view.toolCalls[0]?.output).toEqual({ at: '1970-01-01T00:00:00.000Z', list: [1, null] });
  });

  test('what a tool does to its object later changes nothing', async () => {
    const result = { tempC: 21 };
    const s = calling({}, { execute: () => result });
    const run = s.start();
    await s.settle(run.result());
    result.tempC = 99;
    expect(run.view.toolCalls[0]?.output).toEqual({ tempC: 21 });
  });
});

describe('execution', () => {
  const wait = (
    name: string,
    done: string[],
    ms: number,
    clock: { sleep(ms: number): Promise<void> },
  ): Tool =>
    tool({
      name,
      parameters: z.object({}),
      execute: async () => {
        done.push(`${name} starts`);
        await clock.sleep(ms);
        done.push(`${name} ends`);
        return name;
      },
    });

  function several(runner: ScenarioOptions['runner'] = {}) {
    const done: string[] = [];
    const base = scenario();
    const tools = [
      wait('a', done, 3_000, base.clock),
      wait('b', done, 1_000, base.clock),
      wait('c', done, 2_000, base.clock),
    ];
    const calls = ['a', 'b', 'c'].map((name) => ({ name, callId: `call_${name}` }));
    return {
      ...scenario({ clock: base.clock, script: [{ calls }, { text: 'Done.' }], tools, runner }),
      done,
    };
  }

  test('is parallel, and the outputs are in the model’s order', async () => {
    const s = several();
    await s.settle(s.start().result());
    expect(s.done).toEqual(['a starts', 'b starts', 'c starts', 'b ends', 'c ends', 'a ends']);
    expect(toldBy(s.creates()[1])).toEqual({ call_a: 'a', call_b: 'b', call_c: 'c' });
    expect(Object.keys(toldBy(s.creates()[1]))).toEqual(['call_a', 'call_b', 'call_c']);
  });

  test('with a bound', async () => {
    const s = several({ tools: { concurrency: 1 } });
    await s.settle(s.start().result());
    expect(s.done).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
  });

  test('is timed out by the tool’s own rule, else by the runner’s; the tool is told to stop', async () => {
    for (const [timeoutMs, runner, expected] of [
      [2_000, { tools: { timeoutMs: 9_000 } }, 2_000],
      [undefined, { tools: { timeoutMs: 9_000 } }, 9_000],
    ] as const) {
      let abortedAt = 0;
      let startedAt = 0;
      const s = calling(
        {},
        {
          ...(timeoutMs === undefined ? {} : { timeoutMs }),
          execute: (_args, { signal }) => {
            startedAt = s.clock.now();
            signal.addEventListener('abort', () => (abortedAt = s.clock.now()));
            return new Promise(() => undefined);
          },
        },
        { runner },
      );
      const run = s.start();
      await s.settle(run.result());
      expect(abortedAt - startedAt).toBe(expected);
      expect(run.view.toolCalls).toMatchObject([{ status: 'timed_out', error: { code: 'timed_out' } }]);
    }
  });

  test('tells the tool whose call it is, with a key that is the same however often it runs', async () => {
    const told: unknown[] = [];
    const s = calling(
      {},
      {
        execute: (_args, { signal, callId, runId, idempotencyKey, context }) => {
          told.push([signal.aborted, callId, runId, idempotencyKey, context]);
        },
      },
    );
    await s.settle(s.start('Hi', { runId: 'run_1', context: 'ctx' }).result());
    expect(told).toEqual([[false, 'call_t', 'run_1', 'run_1/0/call_t', 'ctx']]);
  });

  test('of what needs nobody goes on while others wait; `requires_action` comes only when nothing runs', async () => {
    const done: string[] = [];
    const base = scenario();
    const tools = [
      wait('slow', done, 30_000, base.clock),
      tool({ name: 'asks', parameters: z.object({}), needsApproval: true, execute: () => 'asked' }),
      tool({ name: 'outside', parameters: z.object({}) }),
    ];
    const calls = ['asks', 'slow', 'outside'].map((name) => ({ name, callId: `call_${name}` }));
    const s = scenario({
      clock: base.clock,
      script: [{ calls }, { text: 'Done.' }],
      tools,
      runner: { mode: 'poll' },
    });
    const run = s.start();
    await s.clock.advance(15_000);
    expect(run.view.status).toBe('running_tools');
    expect(run.view.toolCalls.map(({ status }) => status)).toEqual([
      'awaiting_approval',
      'running',
      'awaiting_output',
    ]);
    await s.clock.advance(60_000);
    expect(run.view.status).toBe('requires_action');
    await run.respond([
      { type: 'approve', callId: 'call_asks' },
      { type: 'output', callId: 'call_outside', output: { from: 'outside' } },
    ]);
    await s.settle(run.result());
    expect(toldBy(s.creates()[1])).toEqual({
      call_asks: 'asked',
      call_slow: 'slow',
      call_outside: '{"from":"outside"}',
    });
    expect(run.view.toolCalls[2]?.output).toEqual({ from: 'outside' });
  });
});

describe('consecutiveToolErrors', () => {
  const fails = (): never => {
    throw new Error('No.');
  };
  const each = (names: readonly string[]) => [
    ...names.map((name) => ({ calls: [{ name }] })),
    { text: 'Done.' },
  ];
  const tools = [
    tool({ name: 'bad', parameters: z.object({}), execute: fails }),
    tool({ name: 'good', parameters: z.object({}), execute: () => 'ok' }),
    tool({ name: 'outside', parameters: z.object({}) }),
  ];
  const runner = { limits: { consecutiveToolErrors: 2 } };

  test('counts failed calls in a row, and a success resets it', async () => {
    const s = scenario({ script: each(['bad', 'good', 'bad', 'good', 'bad']), tools, runner });
    expect((await s.settle(s.start().result())).text).toBe('Done.');
    const twice = scenario({ script: each(['bad', 'bad']), tools, runner });
    expect(await twice.rejection(twice.start().result())).toMatchObject({ code: 'tool_errors' });
  });

  test('an output from outside is a success, too', async () => {
    const s = scenario({ script: each(['bad', 'outside', 'bad']), tools, runner });
    const run = s.start();
    await s.clock.advance(60_000);
    const [waiting] = run.view.toolCalls.filter(({ status }) => status === 'awaiting_output');
    await run.submitToolOutput(waiting?.callId ?? '', 'ok');
    expect((await s.settle(run.result())).text).toBe('Done.');
  });

  test('5 are the default', async () => {
    const s = scenario({ script: each(['bad', 'bad', 'bad', 'bad', 'bad']), tools });
    expect(await s.rejection(s.start().result())).toMatchObject({ code: 'tool_errors' });
    const four = scenario({ script: each(['bad', 'bad', 'bad', 'bad']), tools });
    expect((await four.settle(four.start().result())).text).toBe('Done.');
  });
});

describe('structured output', () => {
  const output = z.object({ umbrella: z.boolean(), note: z.string().optional() });

  test('becomes text.format, strict, and is validated into result.output', async () => {
    const parsed = output.transform(({ umbrella }) => (umbrella ? 'take it' : 'leave it'));
    const s = scenario({
      script: [{ text: '{"umbrella":false,"note":null}' }],
      agent: { output: parsed },
      tools: [],
    });
    const run = s.start();
    const result = await s.settle(run.result());
    expect(result.output).toBe('leave it');
    expect(run.view.output).toEqual({ umbrella: false });
    expect(s.creates()[0]?.['text']).toMatchObject({
      format: {
        type: 'json_schema',
        name: 'weather',
        strict: true,
        schema: { required: ['umbrella', 'note'] },
      },
    });
  });

  test.each([
    ['is no JSON', 'Leave it.'],
    ['does not fit', '{"umbrella":"no"}'],
    ['is empty', ''],
  ])('that %s is a RunFailedError with code invalid_output', async (_name, text) => {
    const s = scenario({ script: [{ text }], agent: { output }, tools: [] });
    const error = await s.rejection(s.start().result());
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({ code: 'invalid_output', view: { status: 'failed', text } });
  });

  test('a refusal is typed', async () => {
    const s = scenario({ script: [{ refusal: 'I would rather not.' }], agent: { output }, tools: [] });
    const error = await s.rejection(s.start().result());
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({ code: 'refusal', message: expect.stringContaining('I would rather not.') });
  });

  test('request.text may have more, but no format of its own', () => {
    const define = (text: object) => defineAgent({ name: 'a', model: 'm', output, request: { text } });
    expect(define({ verbosity: 'low' }).spec.request['text']).toMatchObject({ verbosity: 'low', format: {} });
    expect(() => define({ format: { type: 'text' } })).toThrow(ConfigurationError);
  });
});

test('hosted tools are passed through as they are', async () => {
  const hosted = { type: 'web_search', search_context_size: 'low' };
  const s = scenario({ script: [{ text: 'Done.' }], tools: [hosted] });
  await s.settle(s.start().result());
  expect(s.creates()[0]?.['tools']).toEqual([hosted]);
});
