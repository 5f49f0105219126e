import { describe, expect, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import { functionCall, handServer, messageOf, responseOf } from '../../test-support/hand-server.ts';
import { sseAnswer } from '../../test-support/sse-answer.ts';
import type { RunViewOf } from '../../src/agent/agent-types.ts';
import { customTool } from '../../src/agent/custom-tool.ts';
import type { AgentTool } from '../../src/agent/collect-tools.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';
import type { JsonObject } from '../../src/wire/json.ts';

const find = tool({
  name: 'find',
  parameters: z.object({ id: z.number() }),
  execute: ({ id }) => `customer ${id}`,
});
const top = tool({ name: 'find', parameters: z.object({ q: z.string() }), execute: ({ q }) => `page ${q}` });
const note = customTool({ name: 'note', execute: (text) => `noted ${text}` });
const crm = { type: 'namespace', name: 'crm', description: 'Customers.', tools: [find, note] } as const;

function conversation(output: readonly JsonObject[], tools: readonly AgentTool[], agent = {}) {
  const server = handServer(
    (_request, count) =>
      count === 1
        ? responseOf('resp_1', 'completed', { output })
        : responseOf('resp_2', 'completed', { output: [messageOf('ok')] }),
    { tools, agent },
  );
  return { ...server, run: server.start() };
}

const inputOf = async ({ run, seen }: ReturnType<typeof conversation>): Promise<unknown> => {
  await run.done();
  return seen[1]?.body['input'];
};

describe('options of tools (openai 7.59)', () => {
  test('deferLoading, allowedCallers and output are sent as the API names them', () => {
    const { definition } = tool({
      name: 'f',
      parameters: z.object({}),
      deferLoading: true,
      allowedCallers: ['direct', 'programmatic'],
      output: z.object({ tempC: z.number(), note: z.string().optional() }),
    });
    expect(definition).toMatchObject({
      defer_loading: true,
      allowed_callers: ['direct', 'programmatic'],
      output_schema: { type: 'object', properties: { tempC: { type: 'number' } }, required: ['tempC'] },
    });
    const custom = customTool({ name: 'c', deferLoading: true, allowedCallers: ['programmatic'] });
    expect(custom.definition).toMatchObject({ defer_loading: true, allowed_callers: ['programmatic'] });
  });

  test('are not sent if they are undefined or false', () => {
    expect(Object.keys(top.definition)).toEqual(['type', 'name', 'parameters', 'strict']);
    expect(tool({ name: 'f', parameters: z.object({}), deferLoading: false }).definition).not.toHaveProperty(
      'defer_loading',
    );
  });

  test.each<[string, object, RegExp]>([
    ['deferLoading', { deferLoading: 'yes' }, /`deferLoading` must be/],
    ['allowedCallers', { allowedCallers: ['anybody'] }, /`allowedCallers` must be/],
    ['allowedCallers', { allowedCallers: [] }, /`allowedCallers` must be/],
    ['output', { output: z.object({ at: z.date() }) }, /^tool "f": `output`.*`output\.at`/],
    ['async', { async: true }, /`async` is not supported.*next create/],
    ['async', { async: false }, /`async` is not supported/],
  ])('are rejected if they are invalid: %s', (_name, more, message) => {
    const options = { name: 'f', parameters: z.object({}), ...more };
    expect(() => tool(options)).toThrow(message);
  });

  test.each<[string, object]>([
    ['a custom tool', { type: 'custom', name: 'c', async: true }],
    ['a function', { type: 'function', name: 'f', parameters: {}, async: true }],
    ['in a namespace', { ...crm, tools: [{ type: 'custom', name: 'c', async: true }] }],
  ])('`async` is rejected in a tool that is a plain object: %s', (_name, given) => {
    const tools: readonly AgentTool[] = [{ type: '', ...given }];
    expect(() => defineAgent({ name: 'a', model: 'm', tools })).toThrow(/async` is not supported/);
  });
});

describe('namespaces', () => {
  const called = (namespace: string | undefined, name = 'find', args = '{"id":7}'): JsonObject => ({
    ...functionCall('call_1', name, args),
    ...(namespace === undefined ? {} : { namespace }),
  });

  test('are sent with the definitions of their tools', async () => {
    const started = conversation([messageOf('ok')], [crm, { type: 'tool_search' }]);
    await started.run.done();
    expect(started.seen[0]?.body['tools']).toEqual([
      { ...crm, tools: [find.definition, note.definition] },
      { type: 'tool_search' },
    ]);
  });

  test.each<[string, JsonObject, string]>([
    ['of a namespace', called('crm'), 'customer 7'],
    ['without a namespace', called(undefined, 'find', '{"q":"x"}'), 'page x'],
    [
      'that tool search loaded, whose namespace is its own name',
      called('find', 'find', '{"q":"x"}'),
      'page x',
    ],
    [
      'of a custom tool',
      { type: 'custom_tool_call', call_id: 'call_1', name: 'note', input: 'hi', namespace: 'crm' },
      'noted hi',
    ],
  ])('a call %s is executed by its tool', async (_name, call, output) => {
    expect(await inputOf(conversation([call], [top, crm]))).toMatchObject([{ call_id: 'call_1', output }]);
  });

  test('a call of an unknown namespace fails, and its output names the known tools', async () => {
    const started = conversation([called('hr')], [top, crm]);
    expect(await inputOf(started)).toMatchObject([
      { output: expect.stringMatching(/"hr\.find".*find, crm\.find/) },
    ]);
  });

  test('the view of a call has its namespace', async () => {
    const started = conversation([called('crm')], [top, crm]);
    const view = await started.run.done();
    expect(view.toolCalls).toMatchObject([{ name: 'find', namespace: 'crm', output: 'customer 7' }]);
  });

  test.each<[string, object, RegExp]>([
    ['no description', { description: undefined }, /`tools\[0\]` must be.*`description`/],
    ['a bad name', { name: 'c r m' }, /`tools\[0\]` must be.*`name`/],
    ['no tools', { tools: [] }, /`tools\[0\]` must be.*`tools`/],
    [
      'a plain function',
      { tools: [{ type: 'function', name: 'f' }] },
      /made by tool.*`tools\[0\]\.tools\[0\]`/,
    ],
    ['a hosted tool', { tools: [{ type: 'web_search' }] }, /`tools\[0\]\.tools\[0\]`/],
    ['two tools with the same name', { tools: [find, find] }, /two tools have the name "crm\.find"/],
  ])('an invalid namespace is rejected: %s', (_name, change, message) => {
    const tools: readonly AgentTool[] = [{ ...crm, ...change }];
    expect(() => defineAgent({ name: 'a', model: 'm', tools })).toThrow(message);
  });

  test('have tools with typed names', () => {
    const agent = defineAgent({ name: 'a', model: 'm', tools: [crm] });
    type Call = RunViewOf<typeof agent>['toolCalls'][number];
    expectTypeOf<Call['name']>().toEqualTypeOf<'find' | 'note'>();
  });
});

describe('items of tool search and of configuration are sent back unchanged', () => {
  const items: readonly JsonObject[] = [
    {
      type: 'tool_search_call',
      id: 'ts_1',
      call_id: 'call_s',
      execution: 'server',
      arguments: {},
      status: 'completed',
    },
    {
      type: 'tool_search_output',
      id: 'to_1',
      call_id: 'call_s',
      execution: 'server',
      tools: [find.definition],
      status: 'completed',
    },
    { type: 'additional_tools', id: 'at_1', role: 'developer', tools: [{ type: 'web_search' }] },
    { type: 'configuration_update', id: 'cu_1', reasoning: { effort: 'high' } },
  ];

  test('on replay, and are in the view', async () => {
    const server = handServer(
      (_request, count) =>
        count === 1
          ? responseOf('resp_1', 'completed', {
              output: [...items, functionCall('call_1', 'find', '{"id":1}')],
            })
          : responseOf('resp_2', 'completed', { output: [messageOf('ok')] }),
      { tools: [find, { type: 'tool_search' }], runner: { continuation: 'replay' } },
    );
    const view = await server.start().done();
    expect(view.status).toBe('completed');
    const input = server.seen[1]?.body['input'];
    expect(Array.isArray(input) && input.slice(1, 5)).toEqual(items);
    expect(view.items.slice(0, 4).map(({ item }) => item)).toEqual(items);
  });
});

describe('details of a response for the user and for billing (openai 7.59)', () => {
  const toolUsage = { web_search: { num_requests: 2 } };
  const usage = {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 1, cache_write_tokens: 5 },
    output_tokens: 2,
    total_tokens: 12,
  };

  test.each(['poll', 'stream'] as const)(
    'the view has the service tier, the tool usage and the tokens written to the cache, mode %s',
    async (mode) => {
      const response = responseOf('resp_1', 'completed', {
        output: [messageOf('ok')],
        service_tier: 'flex',
        tool_usage: toolUsage,
        usage,
      });
      const begun = { ...response, status: 'in_progress', service_tier: 'auto', tool_usage: null };
      const server = handServer(
        () =>
          mode === 'poll'
            ? response
            : sseAnswer([
                { type: 'response.created', response: begun },
                { type: 'response.completed', response },
              ]),
        { runner: { mode } },
      );
      const view = await server.start().done();
      expect(view.iterations[0]).toMatchObject({
        serviceTier: 'flex',
        toolUsage,
        usage: { cacheWriteTokens: 5 },
      });
      expect(view.usage.cacheWriteTokens).toBe(5);
    },
  );

  test('the view omits them if the response has none', async () => {
    const { run } = conversation([messageOf('ok')], []);
    const view = await run.done();
    expect(view.iterations[0]).not.toHaveProperty('serviceTier');
    expect(view.usage).not.toHaveProperty('cacheWriteTokens');
  });

  test('the run’s error has the reason why a response was classified as misaligned', async () => {
    const misalignment = {
      error_type: 'other',
      detailed_explanation: 'It deletes.',
      steer: { message: 'Ask.' },
    };
    const error = {
      code: 'misalignment_policy_violation',
      message: 'Blocked.',
      misalignment,
      param: 'input',
    };
    const server = handServer(() => responseOf('resp_1', 'failed', { error }));
    const view = await server.start().done();
    expect(view).toMatchObject({
      status: 'failed',
      error: { code: error.code, message: 'Blocked.', param: 'input', misalignment },
    });
  });

  test.each(['steered', 'max_messages'])(
    'an incomplete run has the reason of its response: %s',
    async (reason) => {
      const server = handServer(() => responseOf('resp_1', 'incomplete', { incomplete_details: { reason } }));
      expect(await server.start().done()).toMatchObject({ status: 'incomplete', error: { code: reason } });
    },
  );
});
