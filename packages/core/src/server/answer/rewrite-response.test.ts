import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { createIdNames } from '../ids/id-names.ts';
import { createIdSigner } from '../ids/id-signer.ts';
import { rewriteEvent } from './rewrite-event.ts';
import { KnownSecrets } from './known-secrets.ts';
import { rewriteResponse } from './rewrite-response.ts';
import type { Rewriting } from './rewriting.ts';

const signer = createIdSigner(['a secret of the site, long enough'], 1_000_000);
const known = [
  ['resp_raw', 'resp_named'],
  ['resp_before', 'resp_named_before'],
] as const;

function rewriting(): Rewriting {
  const secrets = new KnownSecrets({
    values: ['sk-key', 'gateway.test', 'a secret of the site', 'm-large'],
    always: ['sk-key'],
    plain: ['m-large'],
    more: async () => ['token-of-ann'],
  });
  const items = [
    ['msg_raw', 'msg_named'],
    ['fc_1', 'fc_named'],
  ] as const;
  return { names: createIdNames(signer, 'ann', 0, known, { items }), secrets };
}

test('replaces the ids of a response and its items with signed ids, and keeps texts', async () => {
  const output = [{ type: 'message', id: 'msg_raw', content: [{ type: 'output_text', text: 'resp_raw' }] }];
  const response = { id: 'resp_raw', object: 'response', previous_response_id: 'resp_before', output };
  expect(await rewriteResponse(response, rewriting())).toEqual({
    ...response,
    id: 'resp_named',
    previous_response_id: 'resp_named_before',
    output: [{ ...output[0], id: 'msg_named' }],
  });
});

test('signs an unknown item id for this principal, and keeps its prefix', async () => {
  const response = { id: 'resp_raw', output: [{ type: 'reasoning', id: 'rs_new' }] };
  const { output } = await rewriteResponse(response, rewriting());
  const [name = ''] = /rs_[\w-]+/.exec(JSON.stringify(output)) ?? [];
  expect(await signer.verifyItem(name, 'ann', 0)).toBe('rs_new');
});

test('does not change the approval_request_id of an item', async () => {
  const output = [
    { type: 'mcp_call', approval_request_id: 'msg_raw' },
    { type: 'mcp_call', approval_request_id: 'mcpr_of_bob' },
  ];
  expect(await rewriteResponse({ id: 'resp_raw', output }, rewriting())).toMatchObject({
    output: [{ approval_request_id: 'msg_raw' }, { approval_request_id: 'mcpr_of_bob' }],
  });
});

test('signs an unknown response id for this principal', async () => {
  const { id } = await rewriteResponse({ id: 'resp_new' }, rewriting());
  expect(await signer.verify(String(id), 'ann', 0)).toMatchObject({ responseId: 'resp_new' });
});

test('does not sign ids in a client’s own fields, because the client could send any id', async () => {
  const response = {
    id: 'resp_raw',
    metadata: { response_id: 'resp_of_bob', previous_response_id: 'resp_of_bob', id: 'resp_of_bob' },
    tools: [{ type: 'function', name: 'f', parameters: { default: { response_id: 'resp_of_bob' } } }],
    output: [{ type: 'function_call', id: 'fc_1', arguments: '{"response_id":"resp_of_bob"}' }],
    instructions: 'resp_of_bob',
  };
  expect(await rewriteResponse(response, rewriting())).toEqual({
    ...response,
    id: 'resp_named',
    output: [{ ...response.output[0], id: 'fc_named' }],
  });
});

test('removes the server’s parameters of hosted tools, and keeps the client’s own tools', async () => {
  const own = { type: 'function', name: 'f', parameters: {} };
  const response = {
    id: 'resp_raw',
    tools: [
      own,
      { type: 'file_search', vector_store_ids: ['vs_site'] },
      { type: 'mcp', server_label: 'docs', server_url: 'https://mcp.test', headers: { authorization: 'x' } },
    ],
  };
  expect(await rewriteResponse(response, rewriting())).toMatchObject({
    tools: [own, { type: 'file_search' }, { type: 'mcp', server_label: 'docs' }],
  });
  expect(JSON.stringify(await rewriteResponse(response, rewriting()))).not.toMatch(
    /vs_site|mcp\.test|authorization/,
  );
});

test('removes the ids of visitors that the site sends to OpenAI', async () => {
  const response = { id: 'resp_raw', safety_identifier: 'hash of ann', user: 'ann@site.test' };
  expect(await rewriteResponse(response, rewriting())).toEqual({
    id: 'resp_named',
    safety_identifier: null,
    user: null,
  });
  expect(await rewriteResponse({ id: 'resp_raw' }, rewriting())).toEqual({ id: 'resp_named' });
});

test('cleans the error of a failed response', async () => {
  const response = {
    id: 'resp_raw',
    error: { code: 'server_error', message: 'gateway.test failed for resp_raw of org-abcdef123' },
  };
  expect(await rewriteResponse(response, rewriting())).toMatchObject({
    error: { code: 'server_error', message: '[removed] failed for resp_named of [removed]' },
  });
});

test('keeps unknown fields (I10)', async () => {
  expect(await rewriteResponse({ id: 'resp_raw', novelty: { a: [1] } }, rewriting())).toMatchObject({
    novelty: { a: [1] },
  });
});

test('rewrites snapshots in events', async () => {
  const event = {
    type: 'response.created',
    sequence_number: 0,
    response: { id: 'resp_raw', status: 'queued' },
  };
  expect(await rewriteEvent(event, rewriting())).toEqual({
    ...event,
    response: { id: 'resp_named', status: 'queued' },
  });
});

test('replaces the response_id and the item_id of an event with signed ids', async () => {
  const event = { type: 'response.new_kind', response_id: 'resp_raw', item_id: 'msg_raw' };
  expect(await rewriteEvent(event, rewriting())).toEqual({
    ...event,
    response_id: 'resp_named',
    item_id: 'msg_named',
  });
});

test('replaces the item id of a delta, and keeps its other fields', async () => {
  const event = { type: 'response.output_text.delta', item_id: 'msg_raw', delta: 'resp_raw' };
  expect(await rewriteEvent(event, rewriting())).toEqual({ ...event, item_id: 'msg_named' });
  const done = { type: 'response.output_item.done', item: { type: 'message', id: 'msg_other' } };
  const one = rewriting();
  const { item_id: named } = await rewriteEvent({ ...event, item_id: 'msg_other' }, one);
  expect(await rewriteEvent(done, one)).toMatchObject({ item: { id: named } });
  const plain = { type: 'response.novelty', delta: 'resp_raw' };
  expect(await rewriteEvent(plain, rewriting())).toBe(plain);
});

test.each([
  {
    type: 'error',
    error: {
      type: 'tokens',
      code: 'rate_limit_exceeded',
      message: 'in organization org-abcdef123',
      param: null,
    },
  },
  { type: 'error', code: 'rate_limit_exceeded', message: 'in organization org-abcdef123', param: null },
])('cleans error events, nested as on the wire and flat as in the API reference: %j', async (event) => {
  const rewritten = await rewriteEvent(event, rewriting());
  expect(JSON.stringify(rewritten)).toContain('in organization [removed]');
  expect(isJsonObject(rewritten) && rewritten['type']).toBe('error');
});

describe('cleans an error in every place, and in all its fields (attack: a server echoes a key):', () => {
  const leak =
    'sk-key a%20secret%20of%20the%20site token-of-ann https://joe:pass@x.test/?sig=abc Basic dXNlcjpwYXNz eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.c2ln vs_of_the_site for resp_raw';
  const clean =
    '[removed] [removed] [removed] https://[removed]@x.test/?[removed] Basic [removed] [removed] [removed] for resp_named';
  const tools = [{ type: 'file_search', vector_store_ids: ['vs_of_the_site'] }];
  const whole = { message: leak, type: leak, param: leak, code: leak };
  const cleaned = { message: clean, type: clean, param: clean, code: clean };

  test('in a response', async () => {
    const response = { id: 'resp_raw', tools, error: { ...whole, inner: leak } };
    expect(await rewriteResponse(response, rewriting())).toMatchObject({ error: cleaned });
  });

  test.each<[JsonObject, JsonObject]>([
    [
      { type: 'mcp_call', error: leak },
      { type: 'mcp_call', error: clean },
    ],
    [
      { type: 'mcp_call', error: { type: 'http_error', code: 401, message: leak } },
      { type: 'mcp_call', error: { type: 'http_error', code: 401, message: clean } },
    ],
    [
      {
        type: 'mcp_call',
        error: { type: 'mcp_tool_execution_error', content: [{ type: 'text', text: leak }] },
      },
      {
        type: 'mcp_call',
        error: { type: 'mcp_tool_execution_error', content: [{ type: 'text', text: clean }] },
      },
    ],
    [
      { type: 'mcp_list_tools', tools: [], error: leak },
      { type: 'mcp_list_tools', tools: [], error: clean },
    ],
    [
      { type: 'image_generation_call', error: whole },
      { type: 'image_generation_call', error: cleaned },
    ],
  ])('in an item: %j', async (item, shown) => {
    const response = { id: 'resp_raw', tools, output: [item] };
    expect(await rewriteResponse(response, rewriting())).toMatchObject({ output: [shown] });
    const one = rewriting();
    await rewriteEvent({ type: 'response.created', response: { id: 'resp_raw', tools } }, one);
    const event = { type: 'response.output_item.done', output_index: 0, item };
    expect(await rewriteEvent(event, one)).toEqual({ ...event, item: shown });
  });

  test.each<JsonObject>([
    { type: 'error', error: whole },
    { type: 'error', message: leak, param: leak, code: leak },
    { type: 'response.mcp_call.failed', error: leak },
    { type: 'response.novelty', error: whole },
  ])('in an event: %j', async (event) => {
    const text = JSON.stringify(await rewriteEvent(event, rewriting()));
    expect(text).not.toMatch(/sk-key|site token|token-of-ann|joe|pass|sig=abc|dXNl|eyJ|resp_raw/);
    expect(text).toContain(`"type":"${String(event['type'])}"`);
  });

  test('in an event that is an error only by its frame', async () => {
    const event = { message: leak, trace: leak };
    expect(await rewriteEvent(event, rewriting(), 'error')).not.toHaveProperty('trace');
  });

  test('keeps the explanation of a safety block', async () => {
    const misalignment = {
      detailed_explanation: `Because of ${leak}`,
      error_type: 'other',
      review_target: null,
    };
    const response = { id: 'resp_raw', tools, error: { code: 'x', message: 'y', misalignment } };
    expect(await rewriteResponse(response, rewriting())).toMatchObject({
      error: { misalignment: { ...misalignment, detailed_explanation: `Because of ${clean}` } },
    });
  });

  test('in the names of fields', async () => {
    const error = { type: 'x', headers: { 'sk-key': 1, 'https://GATEWAY.test/': ['vs_of_the_site'] } };
    const item = { type: 'mcp_call', error };
    expect(await rewriteResponse({ id: 'resp_raw', tools, output: [item] }, rewriting())).toMatchObject({
      output: [{ error: { type: 'x', headers: { '[removed]': 1, 'https://[removed]/': ['[removed]'] } } }],
    });
    const misalignment = { 'sk-key': 'x' };
    const failed = { id: 'resp_raw', error: { code: 'x', message: 'y', misalignment } };
    expect(JSON.stringify(await rewriteResponse(failed, rewriting()))).not.toContain('sk-key');
  });

  test('removes the ids of visitors', async () => {
    const response = {
      id: 'resp_raw',
      safety_identifier: 'hash-of-ann',
      error: { code: 'x', message: 'of hash-of-ann' },
    };
    expect(await rewriteResponse(response, rewriting())).toMatchObject({
      error: { message: 'of [removed]' },
    });
  });

  test('keeps the name of a model, even if a secret has the same spelling', async () => {
    const response = { id: 'resp_raw', error: { code: 'x', message: 'm-large is overloaded' } };
    expect(await rewriteResponse(response, rewriting())).toMatchObject({
      error: { message: 'm-large is overloaded' },
    });
  });
});

test('reduces the hosted tools in an item to their names', async () => {
  const item = {
    type: 'tool_search_output',
    id: 'fc_1',
    tools: [
      { type: 'function', name: 'f' },
      { type: 'mcp', server_label: 'docs', server_url: 'https://mcp.test/?key=x' },
    ],
  };
  expect(await rewriteResponse({ id: 'resp_raw', output: [item] }, rewriting())).toMatchObject({
    output: [
      {
        ...item,
        id: 'fc_named',
        tools: [
          { type: 'function', name: 'f' },
          { type: 'mcp', server_label: 'docs' },
        ],
      },
    ],
  });
});
