import OpenAI from 'openai';
import { toResponseInputItems } from 'openai/lib/responses/ResponseInputItems';
import { describe, expect, test } from 'vitest';
import { createEmulator, type EmulatorOptions, type Iteration } from '../index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

function api(options: Partial<EmulatorOptions> = {}) {
  const emulator = createEmulator({ script: [{ text: 'Hi' }], queuedMs: 0, runMs: 0, ...options });
  async function create(body: object): Promise<Answer> {
    const init = { method: 'POST', body: JSON.stringify(body) };
    const response = await emulator.fetch('/v1/responses', init);
    const json: unknown = await response.json();
    return { status: response.status, body: isJsonObject(json) ? json : {} };
  }
  return { emulator, create };
}

function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The status of an error, and its message, param and code. */
function facts({ status, body }: Answer): readonly unknown[] {
  const error = isJsonObject(body['error']) ? body['error'] : {};
  return [status, error['message'], error['param'], error['code']];
}

const user = { role: 'user', content: 'Hi' };
const output = { type: 'function_call_output', call_id: 'call_x', output: 'done' };
const request = { model: 'gpt-4o', input: 'Hi' };

/** An iteration with items of several kinds, which a client sends back. */
const everything: Iteration = {
  reasoning: true,
  items: [
    { type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'x' } },
    { type: 'mcp_approval_request', server_label: 'wiki', name: 'ask', arguments: '{}' },
    { type: 'custom_tool_call', call_id: 'call_y', name: 'sql', input: 'select 1' },
    { type: 'message', role: 'assistant', status: 'completed', content: [] },
  ],
  calls: [{ name: 'f', callId: 'call_x' }],
};
const answers = [output, { type: 'custom_tool_call_output', call_id: 'call_y', output: '1' }];

describe('items of an unstored response, sent back with their ids (pydantic-ai and vercel/ai recordings)', () => {
  const unstored = { ...request, store: false, include: ['reasoning.encrypted_content'] };

  test('are accepted unchanged', async () => {
    const { create } = api({ script: [everything, { text: 'Done' }] });
    const first = await create(unstored);
    const items = objects(first.body['output']);
    expect(items).toHaveLength(6);
    for (const item of items) expect(item['id']).toEqual(expect.any(String));
    const next = await create({ ...unstored, input: [user, ...items, ...answers] });
    expect(facts(next)).toEqual([200, undefined, undefined, undefined]);
  });

  test('are accepted after `toResponseInputItems` of `openai`', async () => {
    const { emulator } = api({ script: [everything, { text: 'Done' }] });
    const client = new OpenAI({ fetch: emulator.fetch, apiKey: 'test', maxRetries: 0 });
    const { output: items } = await client.responses.create({
      model: 'gpt-4o',
      input: 'Hi',
      store: false,
      include: ['reasoning.encrypted_content'],
    });
    const next = await client.responses.create({
      model: 'gpt-4o',
      store: false,
      input: [
        { role: 'user', content: 'Hi' },
        ...toResponseInputItems(items),
        { type: 'function_call_output', call_id: 'call_x', output: 'done' },
        { type: 'custom_tool_call_output', call_id: 'call_y', output: '1' },
      ],
    });
    expect(next.output_text).toBe('Done');
  });

  test('are refused as references, and as reasoning without its encrypted content', async () => {
    const { create } = api({ script: [everything, { text: 'Done' }] });
    const { body } = await create({ ...request, store: false });
    const [reasoning, , , , , call] = objects(body['output']);
    expect((await create({ ...unstored, input: [user, reasoning, call, output] })).status).toBe(404);
    const reference = { type: 'item_reference', id: call?.['id'] };
    expect((await create({ ...unstored, input: [user, reference, output] })).status).toBe(404);
  });

  test('are accepted without the reasoning before them, because the server does not store them', async () => {
    const { create } = api({ script: [everything, { text: 'Done' }] });
    const { body } = await create({ ...request, store: false });
    const [, ...rest] = objects(body['output']);
    expect((await create({ ...unstored, input: [user, ...rest, ...answers] })).status).toBe(200);
  });
});

describe('reasoning must be sent back with the item that followed it', () => {
  const thinking: Iteration = { reasoning: true, text: 'The answer is 42.' };
  const lost = /^Item 'rs_\w+' of type 'reasoning' was provided without its required following item\.$/;

  test('an edited message without its id in place of that item is refused (pydantic-ai, modified history)', async () => {
    const { create } = api({ script: [thinking, { text: 'More.' }] });
    const { body } = await create({ ...request, include: ['reasoning.encrypted_content'] });
    const [reasoning, message] = objects(body['output']);
    for (const edited of [
      { role: 'assistant', content: 'The answer is 43.' },
      { ...message, id: undefined },
      { ...message, id: 'msg_of_mine' },
    ]) {
      const refused = await create({ ...request, input: [user, reasoning, edited, user] });
      expect(facts(refused)).toEqual([400, expect.stringMatching(lost), 'input', null]);
    }
    for (const kept of [message, { type: 'item_reference', id: message?.['id'] }]) {
      expect((await create({ ...request, input: [user, reasoning, kept, user] })).status).toBe(200);
    }
  });

  test('for an unstored response any item of the model is accepted, because the server does not store its items', async () => {
    const { create } = api({ script: [thinking, { text: 'More.' }] });
    const unstored = { ...request, store: false, include: ['reasoning.encrypted_content'] };
    const { body } = await create(unstored);
    const [reasoning] = objects(body['output']);
    const edited = { role: 'assistant', content: 'The answer is 43.' };
    expect((await create({ ...unstored, input: [user, reasoning, edited, user] })).status).toBe(200);
    expect((await create({ ...unstored, input: [user, reasoning, user] })).status).toBe(400);
  });
});

describe('accepted requests', () => {
  const strict = (schema: object): object => ({
    ...request,
    tools: [{ type: 'function', name: 'f', strict: true, parameters: schema }],
  });

  test.each<[string, object]>([
    [
      '`default` in a strict schema',
      strict({
        type: 'object',
        properties: { a: { type: 'string', default: 'x' } },
        required: ['a'],
        additionalProperties: false,
      }),
    ],
    ['a stored prompt without a model', { prompt: { id: 'pmpt_1', version: '2' } }],
    ['the service tier `ultrafast`', { ...request, service_tier: 'ultrafast' }],
    ['a safety identifier of 64 characters', { ...request, safety_identifier: 'u'.repeat(64) }],
    [
      'a `configuration_update` item',
      { ...request, input: [{ type: 'configuration_update', reasoning: { effort: 'low' } }, user] },
    ],
  ])('%s is accepted', async (_name, body) => {
    expect(facts(await api().create(body))).toEqual([200, undefined, undefined, undefined]);
  });

  test('tools of every type in the API reference are accepted', async () => {
    const tools = [
      {
        type: 'function',
        name: 'f',
        parameters: null,
        strict: false,
        defer_loading: true,
        allowed_callers: ['programmatic'],
      },
      { type: 'custom', name: 'sql' },
      { type: 'namespace', name: 'crm', description: 'd', tools: [{ type: 'function', name: 'g' }] },
      { type: 'tool_search' },
      { type: 'programmatic_tool_calling' },
      { type: 'web_search' },
      { type: 'web_search_2025_08_26' },
      { type: 'web_search_preview' },
      { type: 'web_search_preview_2025_03_11' },
      { type: 'file_search', vector_store_ids: ['vs_1'] },
      { type: 'computer' },
      { type: 'computer_use_preview', display_height: 1, display_width: 1, environment: 'browser' },
      { type: 'code_interpreter', container: { type: 'auto' } },
      { type: 'image_generation' },
      { type: 'mcp', server_label: 'wiki', server_url: 'https://wiki.test/mcp' },
      { type: 'local_shell' },
      { type: 'shell' },
      { type: 'apply_patch' },
    ];
    expect(facts(await api().create({ ...request, tools }))).toEqual([200, undefined, undefined, undefined]);
  });
});

describe('refused requests', () => {
  test.each<[string, object, unknown[]]>([
    [
      'a tool of an unknown type',
      { ...request, tools: [{ type: 'bogus' }] },
      [
        400,
        expect.stringMatching(/^Invalid value: 'bogus'\. Supported values are: .*'function'/),
        'tools[0].type',
        'invalid_value',
      ],
    ],
    [
      'a tool of an unknown type in a namespace',
      { ...request, tools: [{ type: 'namespace', name: 'crm', description: 'd', tools: [{ type: 'mcp' }] }] },
      [
        400,
        "Invalid value: 'mcp'. Supported values are: 'function' and 'custom'.",
        'tools[0].tools[0].type',
        'invalid_value',
      ],
    ],
    [
      'a tool without a field that its type requires',
      { ...request, tools: [{ type: 'code_interpreter' }] },
      [
        400,
        "Missing required parameter: 'tools[0].container'.",
        'tools[0].container',
        'missing_required_parameter',
      ],
    ],
    [
      'a field that function tools do not have (from Chat Completions)',
      { ...request, tools: [{ type: 'function', name: 'f', parameters: null, function: {} }] },
      [400, "Unknown parameter: 'tools[0].function'.", 'tools[0].function', 'unknown_parameter'],
    ],
    [
      'an unknown service tier',
      { ...request, service_tier: 'bogus' },
      [
        400,
        "Invalid value: 'bogus'. Supported values are: 'auto', 'default', 'flex', 'scale', 'priority', 'fast', and 'ultrafast'.",
        'service_tier',
        'invalid_value',
      ],
    ],
    [
      'a safety identifier of more than 64 characters',
      { ...request, safety_identifier: 'u'.repeat(65) },
      [
        400,
        "Invalid 'safety_identifier': string too long. Expected a string with maximum length 64, but got a string with length 65 instead.",
        'safety_identifier',
        'string_above_max_length',
      ],
    ],
    [
      'a choice of a hosted tool that is not in tools (vercel/ai, allowed_tools)',
      { ...request, tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'web_search' }] } },
      [400, "Tool choice 'web_search' not found in 'tools' parameter.", 'tool_choice', null],
    ],
    [
      'an output without its shell call (vercel/ai 18134)',
      { ...request, input: [user, { type: 'shell_call_output', call_id: 'call_x', output: [] }] },
      [400, 'No tool call found for shell call output with call_id call_x.', 'input', null],
    ],
    [
      'a program without the id that its type requires (OpenHands 4082)',
      { ...request, input: [user, { type: 'program', call_id: 'call_p', code: '', fingerprint: 'g' }] },
      [400, "Missing required parameter: 'input[1].id'.", 'input[1].id', 'missing_required_parameter'],
    ],
    [
      'a field that only output items have',
      { ...request, input: [user, { type: 'compaction', encrypted_content: 'g', created_by: 'x' }] },
      [400, "Unknown parameter: 'input[1].created_by'.", 'input[1].created_by', 'unknown_parameter'],
    ],
    [
      'a create with neither a model nor a prompt',
      { input: 'Hi' },
      [400, "Missing required parameter: 'model'.", 'model', 'missing_required_parameter'],
    ],
    [
      'a reference in a strict schema to a missing definition (vercel/ai 6454)',
      {
        ...request,
        text: {
          format: {
            type: 'json_schema',
            name: 'response',
            strict: true,
            schema: {
              type: 'object',
              properties: { a: { $ref: '#/$defs/Shared' } },
              required: ['a'],
              additionalProperties: false,
            },
          },
        },
      },
      [
        400,
        "Invalid schema for response_format 'response': In context=('properties', 'a'), reference to component '#/$defs/Shared' which was not found in the schema.",
        'text.format.schema',
        'invalid_json_schema',
      ],
    ],
  ])('%s is refused', async (_name, body, expected) => {
    const { create, emulator } = api();
    expect(facts(await create(body))).toEqual(expected);
    expect(emulator.generations).toBe(0);
  });

  test('an output that is not JSON is refused if the function declares an output schema (vercel/ai recording)', async () => {
    const tools = [
      { type: 'function', name: 'f', parameters: null, strict: false, output_schema: { type: 'object' } },
    ];
    const { create } = api({ script: [{ calls: [{ name: 'f', callId: 'call_x' }] }, { text: 'Done' }] });
    const { body } = await create({ ...request, tools });
    const next = { ...request, tools, previous_response_id: body['id'] };
    expect(facts(await create({ ...next, input: [{ ...output, output: 'Sunny' }] }))).toEqual([
      400,
      'Invalid function_call_output.output: expected a JSON string because the function declares output_schema.',
      'input',
      'invalid_value',
    ]);
    expect((await create({ ...next, input: [{ ...output, output: '{"sky":"clear"}' }] })).status).toBe(200);
  });

  test('a call of a namespaced function is refused without its namespace (vercel/ai recording)', async () => {
    const tools = [
      {
        type: 'namespace',
        name: 'crm',
        description: 'd',
        tools: [{ type: 'function', name: 'create_widget' }],
      },
    ];
    const { create } = api({ script: [{ text: 'Done' }] });
    const made = { type: 'function_call', call_id: 'call_x', name: 'create_widget', arguments: '{}' };
    expect(facts(await create({ ...request, tools, input: [user, made, output] }))).toEqual([
      400,
      "Missing namespace for function_call 'create_widget'. It does not exist in the default namespace. Round-trip the model's function_call item with its namespace field included.",
      'input[1].namespace',
      null,
    ]);
    const whole = { ...made, namespace: 'crm' };
    expect((await create({ ...request, tools, input: [user, whole, output] })).status).toBe(200);
  });
});
