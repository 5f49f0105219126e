import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../wire/json.ts';
import { check, sent, user } from '../../../test-support/checked-create.ts';

test('does not change a create of a tool loop', async () => {
  const body: JsonObject = {
    model: 'm',
    input: [
      user,
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'x' },
      { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{"file_id":"file-1"}' },
      { type: 'function_call_output', call_id: 'call_1', output: 'ok' },
      { type: 'custom_tool_call_output', call_id: 'call_2', output: [{ type: 'input_text', text: 'ok' }] },
    ],
    instructions: 'Be brief.',
    background: true,
    store: true,
    stream: true,
    stream_options: { include_obfuscation: false },
    include: ['reasoning.encrypted_content'],
    tools: [{ type: 'function', name: 'f', description: null, parameters: { type: 'object' }, strict: true }],
    tool_choice: 'auto',
    parallel_tool_calls: false,
    max_tool_calls: 3,
    max_output_tokens: 100,
    reasoning: { effort: 'low', summary: null },
    text: {
      format: { type: 'json_schema', name: 'x', schema: { type: 'object' }, strict: true },
      verbosity: 'low',
    },
    truncation: 'disabled',
    metadata: { longhaul_run_id: 'run_1', longhaul_iteration: '0' },
    temperature: 0.5,
    top_p: 1,
    top_logprobs: 0,
    prompt_cache_key: 'k',
  };
  const create = await check(body);
  expect(create.body).toEqual(body);
  expect(create).toMatchObject({ background: true, stream: true, previous: undefined });
});

describe('refuses a field that clients may not send, and names the field:', () => {
  test.each([
    'user',
    'safety_identifier',
    'service_tier',
    'moderation',
    'context_management',
    'prompt_cache_retention',
    'api_key',
    'n',
    'constructor',
    'toString',
    'background ',
  ])('%s', async (param) => {
    await expect(sent({ [param]: 'x' })).rejects.toMatchObject({ status: 400, details: { param } });
    // A null value is refused too.
    await expect(sent({ [param]: null })).rejects.toMatchObject({ status: 400, details: { param } });
  });
});

describe('refuses a value of the wrong type, and names the field:', () => {
  test.each<[string, JsonValue]>([
    ['input', { type: 'message' }],
    ['input', 7],
    ['instructions', ['x']],
    ['previous_response_id', { id: 'resp_1' }],
    ['background', 'true'],
    ['stream', 1],
    ['store', {}],
    ['stream_options', { include_obfuscation: true, other: 1 }],
    ['include', 'reasoning.encrypted_content'],
    ['include', [{}]],
    ['tools', { type: 'function' }],
    ['tools', ['web_search']],
    ['tool_choice', ['auto']],
    ['max_output_tokens', '100'],
    ['max_output_tokens', -1],
    ['max_output_tokens', 1.5],
    ['reasoning', { effort: 'low', conversation: 'conv_1' }],
    ['reasoning', { effort: { id: 'x' } }],
    ['text', { format: { type: 'json_schema', file_id: 'file-1' } }],
    ['text', { verbosity: {} }],
    ['truncation', 'none'],
    ['metadata', { a: 1 }],
    ['metadata', { a: { file_id: 'file-1' } }],
    ['metadata', Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, 'v']))],
    ['metadata', { [`k${'x'.repeat(64)}`]: 'v' }],
    ['metadata', { k: 'v'.repeat(513) }],
    ['temperature', 3],
    ['top_p', 'x'],
    ['top_logprobs', 21],
    ['prompt_cache_key', {}],
  ])('%s: %j', async (param, value) => {
    await expect(sent({ [param]: value })).rejects.toMatchObject({ status: 400, details: { param } });
  });
});

test('drops null values, which mean not set, because some servers refuse them', async () => {
  expect(await sent({ input: 'hi', previous_response_id: null, temperature: null })).toEqual({
    model: 'm',
    input: 'hi',
  });
});

describe('the model', () => {
  test.each<JsonValue | undefined>(['M', 'm2', '', ' m', null, 7, undefined, ['m'], 'constructor'])(
    'refuses %j',
    async (model) => {
      const body: JsonObject = model === undefined ? { input: 'hi' } : { input: 'hi', model };
      await expect(check(body)).rejects.toMatchObject({ status: 400, details: { param: 'model' } });
    },
  );
});

test('accepts only listed values of include, from the site’s list if it has one', async () => {
  await expect(sent({ include: ['file_search_call.results'] })).rejects.toMatchObject({
    details: { param: 'include' },
  });
  await expect(sent({ include: ['code_interpreter_call.outputs'] })).rejects.toMatchObject({
    details: { param: 'include' },
  });
  const allow = { models: ['m'], include: ['file_search_call.results'] };
  expect(await sent({ include: ['file_search_call.results'] }, { allow })).toMatchObject({
    include: ['file_search_call.results'],
  });
  await expect(sent({ include: ['reasoning.encrypted_content'] }, { allow })).rejects.toMatchObject({
    status: 400,
  });
});

test('lowers values to the limits, and sets missing ones', async () => {
  const allow = { models: ['m'], maxOutputTokens: 1_000, maxToolCalls: 5 };
  expect(await sent({ max_output_tokens: 100_000, max_tool_calls: 9 }, { allow })).toMatchObject({
    max_output_tokens: 1_000,
    max_tool_calls: 5,
  });
  expect(await sent({ max_output_tokens: 16, max_tool_calls: 1 }, { allow })).toMatchObject({
    max_output_tokens: 16,
    max_tool_calls: 1,
  });
  expect(await sent({ max_output_tokens: null }, { allow })).toMatchObject({
    max_output_tokens: 1_000,
    max_tool_calls: 5,
  });
});

test('accepts additional fields that the site lists, and checks their references', async () => {
  const allow = { models: ['m'], fields: ['service_tier', 'context_management'] };
  expect(await sent({ service_tier: 'flex' }, { allow })).toMatchObject({ service_tier: 'flex' });
  await expect(sent({ context_management: [{ file_id: 'file-1' }] }, { allow })).rejects.toMatchObject({
    code: 'reference_not_allowed',
  });
});

test.each<JsonObject>([
  { background_options: { completion_window: '2h', continuation_id: 'order-7' } },
  { access_programs: { cyber: 'standard' } },
  { context_management: [{ type: 'compaction', compact_threshold: 1_000 }] },
  { image: { context_compression: 'auto' } },
  { moderation: { model: 'omni-moderation-latest', policy: { input: { mode: 'block' } } } },
  { prompt_cache_options: { mode: 'explicit', ttl: '12h' } },
  { prompt_cache_retention: '24h' },
  { service_tier: 'flex' },
])('accepts fields of openai 7.59 that the site lists: %j', async (body) => {
  const [field = ''] = Object.keys(body);
  await expect(sent(body)).rejects.toMatchObject({ details: { param: field } });
  expect(await sent(body, { allow: { models: ['m'], fields: [field] } })).toMatchObject(body);
});

test('the server’s overrides replace the client’s fields', async () => {
  const overrides = (principal: unknown) => ({
    store: true,
    safety_identifier: `hash of ${String(principal)}`,
  });
  expect(await sent({ store: false }, { overrides })).toMatchObject({
    store: true,
    safety_identifier: 'hash of ann',
  });
  expect(
    (await check({ model: 'm', background: false }, { overrides: { background: true } })).background,
  ).toBe(true);
});

test('does not change the client’s body', async () => {
  const body: JsonObject = { model: 'm', input: [{ role: 'user', content: 'hi' }], max_output_tokens: 5_000 };
  const before = structuredClone(body);
  await check(body, { allow: { models: ['m'], maxOutputTokens: 10 } });
  expect(body).toEqual(before);
});
