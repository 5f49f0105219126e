import { expect, test } from 'vitest';
import { isJsonObject } from '../../wire/json.ts';
import { createIdNames } from '../ids/id-names.ts';
import { createIdSigner } from '../ids/id-signer.ts';
import { rewriteEvent } from './rewrite-event.ts';
import { rewriteResponse, type Rewriting } from './rewrite-response.ts';

const signer = createIdSigner(['a secret of the site, long enough'], 1_000_000);
const known = [
  ['resp_raw', 'resp_named'],
  ['resp_before', 'resp_named_before'],
] as const;

function rewriting(): Rewriting {
  return { names: createIdNames(signer, 'ann', 0, known), secrets: ['sk-key', 'gateway.test'] };
}

test('ids of responses are rewritten, ids of items are left alone', async () => {
  const output = [{ type: 'message', id: 'msg_raw', content: [{ type: 'output_text', text: 'resp_raw' }] }];
  const response = { id: 'resp_raw', object: 'response', previous_response_id: 'resp_before', output };
  expect(await rewriteResponse(response, rewriting())).toEqual({
    ...response,
    id: 'resp_named',
    previous_response_id: 'resp_named_before',
  });
});

test('an id of whose name nothing is known gets one that is good for this principal', async () => {
  const { id } = await rewriteResponse({ id: 'resp_new' }, rewriting());
  expect(await signer.verify(String(id), 'ann', 0)).toMatchObject({ responseId: 'resp_new' });
});

test('what a client writes itself is never signed: it would be given any id it sends', async () => {
  const response = {
    id: 'resp_raw',
    metadata: { response_id: 'resp_of_bob', previous_response_id: 'resp_of_bob', id: 'resp_of_bob' },
    tools: [{ type: 'function', name: 'f', parameters: { default: { response_id: 'resp_of_bob' } } }],
    output: [{ type: 'function_call', id: 'fc_1', arguments: '{"response_id":"resp_of_bob"}' }],
    instructions: 'resp_of_bob',
  };
  expect(await rewriteResponse(response, rewriting())).toEqual({ ...response, id: 'resp_named' });
});

test('the server’s parameters of hosted tools are not shown, the client’s own tools are', async () => {
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

test('how the site calls its visitors at OpenAI is not shown', async () => {
  const response = { id: 'resp_raw', safety_identifier: 'hash of ann', user: 'ann@site.test' };
  expect(await rewriteResponse(response, rewriting())).toEqual({
    id: 'resp_named',
    safety_identifier: null,
    user: null,
  });
  expect(await rewriteResponse({ id: 'resp_raw' }, rewriting())).toEqual({ id: 'resp_named' });
});

test('the error of a failed response is cleaned', async () => {
  const response = {
    id: 'resp_raw',
    error: { code: 'server_error', message: 'gateway.test failed for resp_raw of org-abcdef123' },
  };
  expect(await rewriteResponse(response, rewriting())).toMatchObject({
    error: { code: 'server_error', message: '[removed] failed for resp_named of [removed]' },
  });
});

test('unknown fields are carried (I10)', async () => {
  expect(await rewriteResponse({ id: 'resp_raw', novelty: { a: [1] } }, rewriting())).toMatchObject({
    novelty: { a: [1] },
  });
});

test('snapshots in events are rewritten', async () => {
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

test('an event that names its response by response_id is rewritten', async () => {
  const event = { type: 'response.new_kind', response_id: 'resp_raw', item_id: 'msg_raw' };
  expect(await rewriteEvent(event, rewriting())).toEqual({ ...event, response_id: 'resp_named' });
});

test('deltas go on as they are, as the same object', async () => {
  const event = { type: 'response.output_text.delta', item_id: 'msg_raw', delta: 'resp_raw' };
  expect(await rewriteEvent(event, rewriting())).toBe(event);
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
])('error events are cleaned, nested as on the wire and flat as in the API reference: %j', async (event) => {
  const rewritten = await rewriteEvent(event, rewriting());
  expect(JSON.stringify(rewritten)).toContain('in organization [removed]');
  expect(isJsonObject(rewritten) && rewritten['type']).toBe('error');
});
