import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { createEmulator } from '../index.ts';

function api() {
  const emulator = createEmulator({ script: () => ({ text: '{"a":1}' }), queuedMs: 0, runMs: 0 });
  return async (more: object): Promise<{ status: number; body: JsonObject }> => {
    const body = JSON.stringify({ model: 'gpt-4o', input: 'Hi', ...more });
    const response = await emulator.fetch('/v1/responses', { method: 'POST', body });
    const json: unknown = await response.json();
    return { status: response.status, body: isJsonObject(json) ? json : {} };
  };
}

function refused(param: string | null, code: string | null, message: string): object {
  const error = { type: 'invalid_request_error', param, code, message: expect.stringContaining(message) };
  return { status: 400, body: { error } };
}

const open = (parameters: object): object => ({
  tools: [{ type: 'function', name: 'f', parameters, strict: false }],
});
const list = (items: object = {}): object => ({ type: 'array', ...items });
const holding = (a: object): object => open({ type: 'object', properties: { a } });

describe('schemas of functions that are not strict', () => {
  test.each<[string, object, string]>([
    [
      'no properties (inboxapi/cli 106)',
      open({ type: 'object' }),
      'In context=(), object schema missing properties.',
    ],
    [
      'an array without items (aichat 1049)',
      holding(list()),
      "In context=('properties', 'a'), array schema missing items.",
    ],
    [
      'an array in an array',
      holding(list({ items: list() })),
      "In context=('properties', 'a', 'items'), array schema missing items.",
    ],
    [
      'an array in anyOf',
      holding({ anyOf: [{ type: 'string' }, list()] }),
      "In context=('properties', 'a', 'anyOf', '1'), array schema missing items.",
    ],
  ])('are refused with %s', async (_name, more, why) => {
    const message = `Invalid schema for function 'f': ${why}`;
    expect(await api()(more)).toMatchObject(
      refused('tools[0].parameters', 'invalid_function_parameters', message),
    );
  });

  test.each<[string, object]>([
    ['an empty schema', open({})],
    ['nested open objects', holding({ type: 'object' })],
    ['an array with empty items', holding(list({ items: {} }))],
    ['keywords that strict mode does not know', holding({ type: 'string', minLength: 1, oneOf: [{}] })],
  ])('are accepted with %s', async (_name, more) => {
    expect((await api()(more)).status).toBe(200);
  });
});

test.each<[string, object, string]>([
  ['strict', { strict: true, parameters: { type: 'object', properties: {} } }, "'additionalProperties'"],
  ['not strict', { strict: false, parameters: { type: 'object' } }, 'object schema missing properties.'],
])('a function in a namespace is checked like any other: %s', async (_name, more, why) => {
  const tools = [
    { type: 'namespace', name: 'crm', description: 'd', tools: [{ type: 'function', name: 'f', ...more }] },
  ];
  expect(await api()({ tools })).toMatchObject(
    refused('tools[0].tools[0].parameters', 'invalid_function_parameters', why),
  );
});

describe('reasoning whose encrypted content the server did not write (codex 8145, 35334)', () => {
  const replay = (reasoning: object): object => ({
    store: false,
    input: [
      { role: 'user', content: 'Hi' },
      { type: 'reasoning', summary: [], ...reasoning },
      { role: 'assistant', content: 'Hello' },
    ],
  });

  test.each<[string, object, string]>([
    [
      'from another server',
      { id: 'rs_1', encrypted_content: 'sealed-elsewhere' },
      'content for item rs_1 could not',
    ],
    [
      'without an id',
      { encrypted_content: 'sealed-elsewhere' },
      'content seal...here could not be verified.',
    ],
    ['of `output_item.added`, which is incomplete', { id: 'rs_1', encrypted_content: 'gAAAAA' }, 'item rs_1'],
  ])('is refused: %s', async (_name, reasoning, message) => {
    expect(await api()(replay(reasoning))).toMatchObject(refused(null, 'invalid_encrypted_content', message));
  });

  test('is accepted in the API’s form', async () => {
    expect((await api()(replay({ encrypted_content: 'gAAAAABpY0d5ZQ' }))).status).toBe(200);
  });
});

describe('other requests', () => {
  const f = { type: 'function', name: 'f', parameters: { type: 'object', properties: {} }, strict: false };
  const json = { text: { format: { type: 'json_object' } } };
  const chosen = (tool_choice: object): object => ({ tools: [f], tool_choice });

  test.each<[string, object, object]>([
    [
      'a cache key of 65 characters (llxprt-code 2135)',
      { prompt_cache_key: 'x'.repeat(65) },
      refused('prompt_cache_key', 'string_above_max_length', 'maximum length 64'),
    ],
    [
      'a previous response of another server',
      { previous_response_id: 'gen-123' },
      refused(
        'previous_response_id',
        'invalid_id_prefix',
        "Invalid 'previous_response_id': 'gen-123'. Expected an ID",
      ),
    ],
    ['JSON mode without “JSON” in the input', json, refused('input', null, "must contain the word 'json'")],
    [
      'a choice in the form of Chat Completions',
      chosen({ type: 'function', function: { name: 'f' } }),
      refused('tool_choice.function', 'unknown_parameter', ''),
    ],
    [
      'a choice without a name',
      chosen({ type: 'function' }),
      refused('tool_choice.name', 'missing_required_parameter', ''),
    ],
    [
      'allowed tools without a mode',
      chosen({ type: 'allowed_tools', tools: [{ type: 'function', name: 'f' }] }),
      refused('tool_choice.mode', 'missing_required_parameter', ''),
    ],
    [
      'allowed tools with an unknown mode',
      chosen({ type: 'allowed_tools', mode: 'any', tools: [{ type: 'function', name: 'f' }] }),
      refused('tool_choice.mode', 'invalid_value', "'any'"),
    ],
  ])('are refused: %s', async (_name, more, expected) => {
    expect(await api()(more)).toMatchObject(expected);
  });

  test.each<[string, object]>([
    ['a cache key of 64 characters', { prompt_cache_key: 'x'.repeat(64) }],
    ['JSON mode with “Json” in the input', { ...json, input: 'Give me Json.' }],
    ['JSON mode with “JSON” in the instructions', { ...json, instructions: 'Answer as JSON.' }],
    ['a choice by name', chosen({ type: 'function', name: 'f' })],
    [
      'allowed tools',
      chosen({ type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] }),
    ],
  ])('are accepted: %s', async (_name, more) => {
    expect((await api()(more)).status).toBe(200);
  });
});
