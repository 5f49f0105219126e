import { describe, expect, test } from 'vitest';
import { manualClock } from '../../testing/manual-clock.ts';
import type { JsonObject, JsonValue } from '../../wire/json.ts';
import { createIdSigner } from '../ids/id-signer.ts';
import { readProxyOptions } from '../options/proxy-config.ts';
import type { ProxyOptions } from '../options/proxy-options.ts';
import { checkCreate, type CreateRequest } from './create-request.ts';

const secret = 'a secret of the site, long enough';
const clock = manualClock(1_000_000);
const signer = createIdSigner([secret], 1_000);

function check(body: JsonObject, options: Partial<ProxyOptions> = {}): Promise<CreateRequest> {
  const config = readProxyOptions({
    apiKey: 'sk-test',
    secret,
    authorize: () => 'ann',
    allow: { models: ['m'] },
    clock,
    ...options,
  });
  return checkCreate(body, 'ann', 'ann', config, signer);
}

async function sent(body: JsonObject, options?: Partial<ProxyOptions>): Promise<JsonObject> {
  return (await check({ model: 'm', ...body }, options)).body;
}

const user = { type: 'message', role: 'user', content: 'hi' };

test('what a tool loop sends goes to the API as it is', async () => {
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

describe('a field that is not taken is refused by its name:', () => {
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
    // Null is no way round it either.
    await expect(sent({ [param]: null })).rejects.toMatchObject({ status: 400, details: { param } });
  });
});

describe('a field of the wrong type is refused by its name:', () => {
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

test('null means not set, and is left out: some servers refuse it', async () => {
  expect(await sent({ input: 'hi', previous_response_id: null, temperature: null })).toEqual({
    model: 'm',
    input: 'hi',
  });
});

describe('the model', () => {
  test.each<JsonValue | undefined>(['M', 'm2', '', ' m', null, 7, undefined, ['m'], 'constructor'])(
    '%j is refused',
    async (model) => {
      const body: JsonObject = model === undefined ? { input: 'hi' } : { input: 'hi', model };
      await expect(check(body)).rejects.toMatchObject({ status: 400, details: { param: 'model' } });
    },
  );
});

test('include is an allow-list, the site’s where it gives one', async () => {
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

test('caps are lowered to, and set where the client sends none', async () => {
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

test('further fields pass where the site names them, but not what they refer to', async () => {
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
])('fields of openai 7.59 pass where the site names them: %j', async (body) => {
  const [field = ''] = Object.keys(body);
  await expect(sent(body)).rejects.toMatchObject({ details: { param: field } });
  expect(await sent(body, { allow: { models: ['m'], fields: [field] } })).toMatchObject(body);
});

test('the server’s overrides win over what the client sent', async () => {
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

describe('the response to continue from', () => {
  test('is named by its signed id, and goes to the API by its own', async () => {
    const token = await signer.sign('resp_raw', 'ann', clock.now());
    const create = await check({ model: 'm', previous_response_id: token });
    expect(create.body).toEqual({ model: 'm', previous_response_id: 'resp_raw' });
    expect(create.previous).toEqual({
      token,
      owned: { responseId: 'resp_raw', issuedAt: 1_000_000, secret: 0 },
    });
  });

  test.each(['resp_raw', '', '../x', 'another principal’s', 'expired'])(
    'is not found by %s',
    async (name) => {
      const token =
        name === 'expired'
          ? await signer.sign('resp_raw', 'ann', clock.now() - 2_000)
          : name === 'another principal’s'
            ? await signer.sign('resp_raw', 'bob', clock.now())
            : name;
      await expect(sent({ previous_response_id: token })).rejects.toMatchObject({
        status: 400,
        code: 'previous_response_not_found',
        details: { param: 'previous_response_id' },
      });
    },
  );
});

describe('references', () => {
  const reference = [{ type: 'message', role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }];

  test('are refused by default', async () => {
    await expect(sent({ input: reference })).rejects.toMatchObject({
      code: 'reference_not_allowed',
      details: { param: 'input[0].content[0].file_id' },
    });
    await expect(sent({ conversation: 'conv_1' })).rejects.toMatchObject({
      details: { param: 'conversation' },
    });
    await expect(
      sent({ prompt: { id: 'pmpt_1', variables: { a: { file_id: 'file-1' } } } }),
    ).rejects.toMatchObject({ details: { param: 'prompt' } });
  });

  test('pass where the site vouches for each of them, for this principal', async () => {
    const asked: unknown[] = [];
    const options: Partial<ProxyOptions> = {
      authorizeReference: async (...question) => {
        asked.push(question);
        return true;
      },
    };
    expect(await sent({ input: reference, conversation: 'conv_1' }, options)).toMatchObject({
      input: reference,
      conversation: 'conv_1',
    });
    expect(asked).toEqual([
      ['ann', 'file', 'file-1'],
      ['ann', 'conversation', 'conv_1'],
    ]);
  });

  test.each([undefined, 'yes', 1, {}])('do not pass on %j: only true is a yes', async (verdict) => {
    const authorizeReference: NonNullable<ProxyOptions['authorizeReference']> = () => verdict as boolean;
    await expect(sent({ input: reference }, { authorizeReference })).rejects.toMatchObject({
      code: 'reference_not_allowed',
    });
  });

  test('one that is refused outweighs those that are vouched for', async () => {
    const authorizeReference = (_: unknown, __: string, id: string): boolean => id !== 'file-3';
    const files = (ids: string[]) => [
      { type: 'message', role: 'user', content: ids.map((file_id) => ({ type: 'input_file', file_id })) },
    ];
    await expect(
      sent({ input: files(['file-1', 'file-2', 'file-3']) }, { authorizeReference }),
    ).rejects.toMatchObject({ status: 400 });
    expect(await sent({ input: files(['file-1', 'file-2']) }, { authorizeReference })).toBeDefined();
  });

  test('too many are refused: each may cost the site a query', async () => {
    let asked = 0;
    const authorizeReference = (): boolean => {
      asked += 1;
      return true;
    };
    const content = Array.from({ length: 5_000 }, (_, index) => ({
      type: 'input_file',
      file_id: `file-${index}`,
    }));
    await expect(
      sent({ input: [{ type: 'message', role: 'user', content }] }, { authorizeReference }),
    ).rejects.toMatchObject({ status: 400 });
    expect(asked).toBeLessThanOrEqual(100);
  });

  test('so many that no argument list holds them are refused like one (attack: 200,000 references)', async () => {
    const content = Array.from({ length: 200_000 }, () => ({ file_id: 'file-1' }));
    const input = [{ type: 'message', role: 'user', content }];
    await expect(sent({ input })).rejects.toMatchObject({ status: 400, code: 'reference_not_allowed' });
    await expect(sent({ input: [[content]] })).rejects.toMatchObject({ status: 400 });
  });

  test('one that was vouched for may stand again after a hundred others', async () => {
    const content = [...Array.from({ length: 100 }, (_, index) => `file-${index}`), 'file-0'].map(
      (file_id) => ({
        type: 'input_file',
        file_id,
      }),
    );
    const input = [{ type: 'message', role: 'user', content }];
    expect(await sent({ input }, { authorizeReference: () => true })).toMatchObject({ input });
  });

  test.each<JsonObject>([
    { prompt: [] },
    { prompt: [{ id: 'pmpt_1' }] },
    { prompt: {} },
    { conversation: [] },
    { conversation: {} },
    { conversation: false },
    { input: [{ type: 'reasoning', id: 'rs_1' }] },
    { input: [{ type: 'compaction', id: 'cmp_1' }] },
    { input: [{ role: 'user', content: [{ type: 'input_video', video_url: 'https://a.test/v' }] }] },
    { input: [{ role: 'user', content: [{ type: 'input_audio', audio_url: 'https://a.test/a' }] }] },
    {
      input: [
        { role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'http://10.0.0.1/' } }] },
      ],
    },
  ])('that nothing vouches for is refused, whatever its shape (attack): %j', async (body) => {
    await expect(sent(body)).rejects.toMatchObject({ status: 400, code: 'reference_not_allowed' });
  });

  test('a response has its own place: elsewhere it is refused whatever the site says', async () => {
    const authorizeReference = (): boolean => true;
    await expect(
      sent({ input: [{ ...user, previous_response_id: 'resp_1' }] }, { authorizeReference }),
    ).rejects.toMatchObject({ status: 400 });
  });

  test('names in schemas are no references: a tool may have an argument `file_id`', async () => {
    const schema = {
      type: 'object',
      properties: { file_id: { type: 'string' }, prompt: { type: 'string', enum: ['conversation'] } },
    };
    const body = {
      tools: [{ type: 'function', name: 'f', parameters: schema, strict: true }],
      text: { format: { type: 'json_schema', name: 'x', schema, strict: true } },
      metadata: { file_id: 'file-1' },
    };
    expect(await sent(body)).toMatchObject(body);
  });
});

describe('input items', () => {
  test('the easy form becomes a message, so that it cannot be read as something else', async () => {
    expect(await sent({ input: [{ role: 'user', content: 'hi' }] })).toEqual({ model: 'm', input: [user] });
  });

  test.each<JsonObject>([
    { id: 'msg_1' },
    { type: null, id: 'msg_1' },
    { type: 'item_reference', id: 'msg_1' },
    { type: 'image_generation_call', id: 'ig_1' },
    { type: 'additional_tools', role: 'developer', tools: [{ type: 'mcp', server_url: 'https://x.test' }] },
    { type: 'tool_search_output', tools: [{ type: 'web_search' }] },
    { type: 'compaction_trigger' },
    { type: 'web_search_call', id: 'ws_1' },
    { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: true },
    { type: 'computer_call_output', call_id: 'call_1', output: {} },
    { type: 'something_new' },
    { type: ['message'] },
    { type: 'message', role: 'user', content: 'hi', tools: [{ type: 'web_search' }] },
  ])('%j is refused', async (item) => {
    await expect(sent({ input: [item] })).rejects.toMatchObject({ status: 400 });
  });

  test('what is no object is refused', async () => {
    await expect(sent({ input: ['hi'] })).rejects.toMatchObject({ status: 400 });
    await expect(sent({ input: [[user]] })).rejects.toMatchObject({ status: 400 });
    await expect(sent({ input: [null] })).rejects.toMatchObject({ status: 400 });
  });

  test('of an allowed hosted tool its items may be replayed, of others not', async () => {
    const allow = { models: ['m'], hostedTools: ['web_search', 'mcp:docs'] };
    const items = [
      {
        type: 'web_search_call',
        id: 'ws_1',
        status: 'completed',
        action: { type: 'open_page', url: 'https://a.test' },
      },
      {
        type: 'mcp_list_tools',
        id: 'mcpl_1',
        server_label: 'docs',
        tools: [{ name: 'search', input_schema: {} }],
      },
      { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: true },
    ];
    expect(await sent({ input: items }, { allow })).toMatchObject({ input: items });
    await expect(
      sent({ input: [{ type: 'file_search_call', id: 'fs_1' }] }, { allow }),
    ).rejects.toMatchObject({ status: 400 });
  });

  const wire = ['configuration_update', 'compaction_trigger', 'additional_tools', 'tool_search_output'];

  test.each<JsonObject>([
    { type: 'configuration_update', reasoning: { effort: 'high' } },
    { type: 'compaction_trigger' },
    { type: 'additional_tools', role: 'developer', tools: [{ type: 'function', name: 'f', parameters: {} }] },
    { type: 'tool_search_output', call_id: null, tools: [{ type: 'web_search' }] },
  ])('items of openai 7.59 pass where the site names them: %j', async (item) => {
    await expect(sent({ input: [item] })).rejects.toMatchObject({ code: 'item_not_allowed' });
    const allow = { models: ['m'], inputItems: wire, hostedTools: ['web_search'] };
    expect(await sent({ input: [item] }, { allow })).toMatchObject({ input: [item] });
  });

  test.each<JsonObject>([
    { type: 'mcp', server_label: 'x', server_url: 'https://evil.test' },
    { type: 'web_search', search_context_size: 'high' },
    { type: 'function', name: 'f', parameters: {}, async: true },
    { type: 'code_interpreter', container: { type: 'auto' } },
  ])('the tools that an item brings are checked like all tools: %j', async (tool) => {
    const allow = { models: ['m'], inputItems: wire, hostedTools: ['web_search'] };
    for (const type of ['additional_tools', 'tool_search_output']) {
      await expect(sent({ input: [{ type, tools: [tool] }] }, { allow })).rejects.toMatchObject({
        code: 'tool_not_allowed',
        details: { param: expect.stringContaining('input[0].tools[0]') },
      });
      await expect(sent({ input: [{ type, tools: { 0: tool } }] }, { allow })).rejects.toMatchObject({
        status: 400,
      });
    }
  });

  test('what a replay sends of tool search and of programs passes with those tools', async () => {
    const input = [
      { type: 'tool_search_call', id: 'ts_1', call_id: null, execution: 'server', arguments: { query: 'x' } },
      { type: 'tool_search_output', id: 'tso_1', call_id: null, tools: [{ type: 'function', name: 'f' }] },
      { type: 'program', id: 'prog_1', call_id: 'call_1', code: 'f()', fingerprint: 'x' },
      { type: 'program_output', id: 'po_1', call_id: 'call_1', result: '1', status: 'completed' },
    ];
    await expect(sent({ input })).rejects.toMatchObject({ code: 'item_not_allowed' });
    const allow = { models: ['m'], hostedTools: ['tool_search', 'programmatic_tool_calling'] };
    expect(await sent({ input }, { allow })).toMatchObject({ input });
  });

  test('an item that refers passes where the site vouches for it', async () => {
    const authorizeReference = (_: unknown, kind: string, id: string): boolean =>
      kind === 'item' && id === 'msg_mine';
    expect(await sent({ input: [{ id: 'msg_mine' }] }, { authorizeReference })).toMatchObject({
      input: [{ type: 'item_reference', id: 'msg_mine' }],
    });
    await expect(sent({ input: [{ id: 'msg_hers' }] }, { authorizeReference })).rejects.toMatchObject({
      status: 400,
    });
  });
});

test('the client’s body is not changed', async () => {
  const body: JsonObject = { model: 'm', input: [{ role: 'user', content: 'hi' }], max_output_tokens: 5_000 };
  const before = structuredClone(body);
  await check(body, { allow: { models: ['m'], maxOutputTokens: 10 } });
  expect(body).toEqual(before);
});
