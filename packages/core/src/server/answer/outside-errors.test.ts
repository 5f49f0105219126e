import { expect, test } from 'vitest';
import { createProxy } from '../create-proxy.ts';

const key = 'azk_7Qm/2+pLw9Xr4Tt=Zz81';
const host = 'gw.internal-corp.example';
const said = `key ${key} at ${host}`;

/** Returns the client's answer if the API sends `answer`. */
async function shown(answer: string, type: string): Promise<string> {
  const proxy = createProxy({
    apiKey: key,
    secret: 'a secret of the site, long enough',
    baseURL: `https://${host}/v1`,
    authorize: () => 'ann',
    allow: { models: ['m'] },
    fetch: async () => new Response(answer, { headers: { 'content-type': type } }),
    onError: () => undefined,
  });
  const response = await proxy(
    new Request('https://site.test/v1/responses', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', input: 'x', stream: true }),
    }),
  );
  return response.text();
}

const response = { id: 'resp_1', object: 'response', status: 'failed', output: [] };
const item = { id: 'ws_1', type: 'web_search_call', status: 'failed' };

// LiteLLM answers with `_hidden_params`, OpenRouter with `error.metadata`; other servers write an error as a text.
test.each([
  ['an error that is a text', { error: said }],
  ['an error that is a list', { error: [said] }],
  [
    'a field of a gateway',
    { _hidden_params: { api_base: `https://${host}`, headers: { authorization: key } } },
  ],
  ['the error of the last attempt', { last_error: { message: said } }],
  ['a detail', { detail: said }],
  ['details of an incomplete response', { incomplete_details: { reason: said } }],
  ['an item with a reason', { output: [{ ...item, error_message: said }] }],
  ['an item with the key in any field', { output: [{ ...item, action: { query: key } }] }],
])('removes secrets from %s of a response', async (_, fields) => {
  const text = await shown(JSON.stringify({ ...response, ...fields }), 'application/json');
  expect(text).toContain('[removed]');
  expect(text).not.toContain(key);
  expect(text).not.toContain(host);
});

test.each([
  ['a failed event with a message', '', { type: 'response.failed', message: said }],
  [
    'a failed event whose error is a text',
    '',
    { type: 'response.failed', response: { ...response, error: said } },
  ],
  ['an event with another name', 'exception', { message: said }],
  ['an event with another type', '', { type: 'server_error', detail: [{ msg: said }] }],
  ['a delta with the key', '', { type: 'response.output_text.delta', delta: `It is ${key}.` }],
])('removes secrets from %s', async (_, name, event) => {
  const created = { type: 'response.created', response: { ...response, status: 'in_progress' } };
  const begin = `data: ${JSON.stringify(created)}\n\n`;
  const text = await shown(
    `${begin}${name && `event: ${name}\n`}data: ${JSON.stringify(event)}\n\n`,
    'text/event-stream',
  );
  expect(text).toContain('[removed]');
  expect(text).not.toContain(key);
  expect(text).not.toContain(host);
});

test('does not show the API’s id of the response in the id of a frame', async () => {
  const frame = `id: resp_1:0\ndata: ${JSON.stringify({ type: 'response.created', response })}\n\n`;
  expect(await shown(frame, 'text/event-stream')).not.toMatch(/resp_1\b/);
});

test('keeps the host in the model’s text', async () => {
  const output = [{ type: 'message', content: [{ type: 'output_text', text: `Ask ${host}.` }] }];
  expect(await shown(JSON.stringify({ ...response, output }), 'application/json')).toContain(`Ask ${host}.`);
});

// PHP's json_encode writes `\/`, other encoders write `\u003d`, and pages write entities.
test.each([
  ['with escaped slashes', key.replaceAll('/', String.raw`\/`)],
  ['with JSON escapes', key.replaceAll('=', String.raw`\u003d`).replaceAll('+', String.raw`\u002B`)],
  ['with entities', key.replaceAll('=', '&#61;').replaceAll('+', '&#x2B;')],
])('removes a key %s from an error', async (_, quoted) => {
  const text = await shown(
    JSON.stringify({ ...response, error: { message: `Key ${quoted}!` } }),
    'application/json',
  );
  expect(text).toContain('Key [removed]!');
});
