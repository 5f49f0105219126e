import { describe, expect, test } from 'vitest';
import { createEmulator } from '../index.ts';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';

function api() {
  const emulator = createEmulator({ script: () => ({ text: 'Hi' }), queuedMs: 0, runMs: 0 });
  async function call(path: string, sent?: object): Promise<{ status: number; body: JsonObject }> {
    const init = sent === undefined ? {} : { method: 'POST', body: JSON.stringify(sent) };
    const response = await emulator.fetch(`/v1${path}`, init);
    const json: unknown = await response.json();
    return { status: response.status, body: isJsonObject(json) ? json : {} };
  }
  const create = (more: object) => call('/responses', { model: 'gpt-4o', input: 'Hi', ...more });
  return { call, create };
}

function refused(param: string, code: string | null): object {
  return { status: 400, body: { error: { type: 'invalid_request_error', param, code } } };
}

const unknown = 'unknown_parameter';
const type = 'invalid_type';
const value = 'invalid_value';
const absent = 'missing_required_parameter';
const mcp = { type: 'mcp', server_label: 'wiki', server_url: 'https://wiki.test/mcp' };
const custom = (format: unknown): object => ({ tools: [{ type: 'custom', name: 'f', format }] });
const approval = (require_approval: unknown): object => ({ tools: [{ ...mcp, require_approval }] });
const format = (more: object): object => ({ text: { format: { type: 'json_schema', schema: {}, ...more } } });

describe("the fields of a create and of its objects are checked as in openai's types", () => {
  test.each<[string, string | null, object]>([
    ['reasoning.bogus', unknown, { reasoning: { bogus: 1 } }],
    ['reasoning.effort', type, { reasoning: { effort: 1 } }],
    ['text.bogus', unknown, { text: { bogus: 1 } }],
    ['text.format', type, { text: { format: 'json' } }],
    ['text.format.type', absent, { text: { format: { name: 'a' } } }],
    ['text.format.bogus', unknown, format({ name: 'a', bogus: 1 })],
    ['text.format.json_schema', unknown, format({ json_schema: {} })],
    ['text.format.name', value, format({ name: 'a b' })],
    ['text.format.name', absent, format({})],
    ['text.format.schema', type, format({ name: 'a', schema: 'x' })],
    ['stream_options.bogus', unknown, { stream: true, stream_options: { bogus: true } }],
    ['stream_options.include_obfuscation', type, { stream_options: { include_obfuscation: 'no' } }],
    ['context_management[0].bogus', unknown, { context_management: [{ type: 'compaction', bogus: 1 }] }],
    ['instructions', type, { instructions: 5 }],
    ['instructions', type, { instructions: [] }],
    ['tool_choice', type, { tool_choice: 5 }],
    ['conversation', type, { conversation: 5 }],
    ['conversation.id', absent, { conversation: {} }],
    ['moderation', type, { moderation: 5 }],
    ['moderation.policy.input.mode', value, { moderation: { model: 'm', policy: { input: { mode: 'x' } } } }],
    ['prompt.id', absent, { prompt: {} }],
    ['prompt.version', type, { prompt: { id: 'pmpt_1', version: 2 } }],
    ['prompt_cache_options.bogus', unknown, { prompt_cache_options: { bogus: 1 } }],
    ['image.bogus', unknown, { image: { bogus: 1 } }],
  ])('%s is refused with the code %s', async (param, code, more) => {
    expect(await api().create(more)).toMatchObject(refused(param, code));
  });
});

describe('the values of tools are checked', () => {
  test.each<[string, string | null, object]>([
    ['tools[0].parameters', type, { tools: [{ type: 'function', name: 'f', parameters: 'x' }] }],
    ['tools[0].strict', type, { tools: [{ type: 'function', name: 'f', strict: 'yes' }] }],
    ['tools[0].description', type, { tools: [{ type: 'custom', name: 'f', description: 5 }] }],
    ['tools[0].format.type', value, custom({ type: 'bogus' })],
    ['tools[0].format', type, custom('text')],
    ['tools[0].format.definition', absent, custom({ type: 'grammar', syntax: 'lark' })],
    ['tools[0].format.syntax', value, custom({ type: 'grammar', syntax: 'bnf', definition: 'a' })],
    ['tools[0].require_approval', value, approval('bogus')],
    ['tools[0].require_approval.bogus', unknown, approval({ bogus: {} })],
    ['tools[0].require_approval.never.bogus', unknown, approval({ never: { bogus: 1 } })],
    ['tools', null, { tools: [mcp, mcp] }],
    ['tools[0].vector_store_ids', type, { tools: [{ type: 'file_search', vector_store_ids: 'vs_1' }] }],
    ['tools[0].container', type, { tools: [{ type: 'code_interpreter', container: 5 }] }],
    ['tools[0].environment', type, { tools: [{ type: 'shell', environment: 'container_auto' }] }],
    [
      'tools[0].environment',
      type,
      {
        tools: [{ type: 'computer_use_preview', environment: {}, display_width: 1, display_height: 1 }],
      },
    ],
    ['tools[0].user_location', type, { tools: [{ type: 'web_search', user_location: 'Berlin' }] }],
    ['tools[0].quality', type, { tools: [{ type: 'image_generation', quality: 1 }] }],
    ['tools[0].tools', type, { tools: [{ type: 'namespace', name: 'n', description: 'd', tools: 5 }] }],
    ['tools[0].headers', type, { tools: [{ ...mcp, headers: [['a', 'b']] }] }],
    ['tools[0].execution', type, { tools: [{ type: 'tool_search', execution: true }] }],
  ])('%s is refused with the code %s', async (param, code, more) => {
    expect(await api().create(more)).toMatchObject(refused(param, code));
  });

  test('an MCP server needs a URL, a connector or a tunnel', async () => {
    const tools = [{ type: 'mcp', server_label: 'wiki' }];
    expect(await api().create({ tools })).toMatchObject({
      status: 400,
      body: {
        error: {
          message:
            "Missing mutually exclusive parameters: 'tools[0]'. Ensure you are providing exactly one of: 'server_url', 'connector_id', or 'tunnel_id'.",
          param: 'tools[0]',
          code: 'missing_mutually_exclusive_parameters',
        },
      },
    });
  });

  test('valid values are accepted', async () => {
    for (const more of [
      custom({ type: 'grammar', syntax: 'regex', definition: 'a' }),
      custom({ type: 'text' }),
      approval('never'),
      approval({ always: { tool_names: ['f'] }, never: { read_only: true } }),
      { tools: [{ type: 'mcp', server_label: 'mail', connector_id: 'connector_gmail' }, mcp] },
      { tools: [{ type: 'shell', environment: { type: 'container_auto' } }] },
      { tools: [{ type: 'file_search', vector_store_ids: ['vs_1'], max_num_results: 5, filters: null }] },
      { tools: [{ type: 'code_interpreter', container: 'cntr_1' }] },
      format({ name: 'a-b_1', strict: null, description: 'd' }),
      { moderation: { model: 'm', policy: { output: { mode: 'block' } } }, reasoning: null, text: {} },
    ]) {
      expect(await api().create(more)).toMatchObject({ status: 200 });
    }
  });
});

describe('sampling parameters', () => {
  test.each<[string, object]>([
    ['gpt-5', { temperature: 0.2 }],
    ['gpt-5-mini-2025-08-07', { top_p: 0.5 }],
    ['o4-mini', { temperature: 0 }],
    ['gpt-5.2', { temperature: 0.2, reasoning: { effort: 'high' } }],
  ])('%s refuses %j', async (model, more) => {
    const [param = ''] = Object.keys(more);
    const answer = await api().create({ model, ...more });
    expect(answer).toMatchObject(refused(param, null));
    expect(answer).toMatchObject({
      body: { error: { message: `Unsupported parameter: '${param}' is not supported with this model.` } },
    });
  });

  test.each<[string, object]>([
    ['gpt-4o', { temperature: 0.2 }],
    ['gpt-5', { temperature: null }],
    ['gpt-5-chat-latest', { temperature: 0.2 }],
    ['gpt-5.2', { temperature: 0.2, reasoning: { effort: 'none' } }],
  ])('%s accepts %j', async (model, more) => {
    expect(await api().create({ model, ...more })).toMatchObject({ status: 200 });
  });
});

test('a second output of a call is refused, unless a later call has the same id (hermes-agent 102629)', async () => {
  const call = { type: 'function_call', call_id: 'call_x', name: 'f', arguments: '{}' };
  const output = { type: 'function_call_output', call_id: 'call_x', output: '1' };
  const { create } = api();
  const twice = await create({ input: [call, output, { ...output, output: '2' }] });
  expect(twice).toMatchObject(refused('input', null));
  expect(twice.body['error']).toMatchObject({
    message:
      "Duplicate function_call_output for call_id 'call_x'. Each function_call must have exactly one matching function_call_output",
  });
  expect(await create({ input: [call, output, call, output] })).toMatchObject({ status: 200 });
});

describe('other routes', () => {
  test('input_tokens and compact accept only their own fields', async () => {
    const { call } = api();
    const body = { model: 'gpt-4o', input: 'Hi' };
    for (const path of ['/responses/input_tokens', '/responses/compact']) {
      expect(await call(path, { ...body, bogus: 1 })).toMatchObject(refused('bogus', unknown));
      expect(await call(path, { ...body, stream: true })).toMatchObject(refused('stream', unknown));
      expect(await call(path, { ...body, instructions: 5 })).toMatchObject(refused('instructions', type));
    }
    const counted = { ...body, personality: 'friendly', truncation: 'auto', tools: [] };
    expect(await call('/responses/input_tokens', counted)).toMatchObject({ status: 200 });
  });

  test('a read rejects an unknown include', async () => {
    const { call, create } = api();
    const { body } = await create({});
    const path = `/responses/${String(body['id'])}`;
    expect(await call(`${path}?include=bogus`)).toMatchObject(refused('include[0]', value));
    const two = 'include[]=web_search_call.results&include[]=bogus';
    expect(await call(`${path}?${two}`)).toMatchObject(refused('include[1]', value));
    expect(await call(`${path}/input_items?include=bogus`)).toMatchObject(refused('include[0]', value));
    expect(await call(`${path}?include=web_search_call.results`)).toMatchObject({ status: 200 });
  });
});

describe('the echo of a function', () => {
  const echo = async (parameters: object, more: object = {}): Promise<unknown> =>
    (await api().create({ tools: [{ type: 'function', name: 'f', parameters, ...more }] })).body['tools'];
  const inner = { type: 'object', properties: { b: { type: 'string' } } };
  const open = {
    type: 'object',
    properties: { a: inner, list: { type: 'array', items: inner } },
    required: ['a'],
  };

  test('is strict, with the unchanged schema, if the request omits `strict` and the schema has a strict form', async () => {
    expect(await echo(open)).toMatchObject([{ strict: true, parameters: open }]);
    expect(await echo(open, { strict: null })).toMatchObject([{ strict: true, parameters: open }]);
  });

  test('is not strict if the schema has no strict form or the request sets strict: false', async () => {
    const map = { type: 'object', properties: {}, additionalProperties: { type: 'string' } };
    expect(await echo(map)).toMatchObject([{ strict: false, parameters: map }]);
    expect(await echo(open, { strict: false })).toMatchObject([{ strict: false, parameters: open }]);
  });
});
