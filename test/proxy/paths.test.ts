import { signResponseId } from '@longhaul/core/server';
import { describe, expect, test } from 'vitest';
import { rawRequest, sendRaw, statusOf } from './raw-http.ts';
import { sendJson, startApi } from './scripted-api.ts';
import { secret, startSite } from './site.ts';

const asAnn = ['x-user: ann', 'content-type: application/json'];

/** A site whose API answers every request, and records it. */
async function setUp() {
  const api = await startApi((_request, outgoing) =>
    sendJson(outgoing, { id: 'resp_raw', status: 'queued' }),
  );
  const site = await startSite(api);
  return {
    api,
    site,
    async [Symbol.asyncDispose]() {
      await site[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

describe('the proxy refuses without a request to the API:', () => {
  test.each([
    'GET /api/v1/files',
    'GET /api/v1/responses/../files',
    'GET /api/v1/responses/%2e%2e/files',
    'GET /api/v1/responses/..%2ffiles',
    'GET /api/v1/responses/resp_x%2F..%2F..%2Ffiles',
    'GET /api/v1/responses/resp_x/../../files',
    'GET /api/v1/responses\\..\\files',
    'GET /api/v1/responses/resp_x%00',
    'GET /api/v1/responses/resp_x%0d%0aHost:%20evil.test',
    'GET /api/v1/responses/resp_x;/files',
    'GET /api/v1/responses/resp_x/input_items',
    'GET /api/v1/responses/.',
    'GET /api/v1/responses/',
    'GET /api/v1/responses//',
    'GET http://169.254.169.254/latest/meta-data',
    'GET http://api.openai.com/v1/models',
    'GET //evil.test/responses/x',
    'POST /api/v1/responses/compact',
    'POST /api/v1/responses/input_tokens',
    'POST /api/v1/responses/%63ancel',
    'DELETE /api/v1/responses/resp_x%2F..%2F..%2Ffiles',
    'DELETE /api/v1/responses/..%2fvector_stores',
    'DELETE /api/v1/conversations/conv_x',
  ])('%s', async (line) => {
    await using servers = await setUp();
    const answer = await sendRaw(servers.site.port, rawRequest(line, [...asAnn, 'content-length: 0']));
    expect(answer === '' ? 400 : statusOf(answer)).toBeOneOf([400, 404]);
    expect(servers.api.requests).toEqual([]);
  });
});

test('another host in the request does not change where the key is sent', async () => {
  await using servers = await setUp();
  const { site, api } = servers;
  const body = '{"model":"m","input":"Hi"}';
  const length = `content-length: ${body.length}`;
  for (const line of [
    'POST /api/v1/responses',
    'POST http://evil.test/v1/responses',
    'POST //evil.test/responses',
    'POST /api//v1//responses',
  ]) {
    const answer = await sendRaw(
      site.port,
      rawRequest(line, [...asAnn, length, 'x-forwarded-host: evil.test', 'forwarded: host=evil.test'], body),
    );
    expect(statusOf(answer), line).toBe(200);
  }
  expect(api.requests.map(({ target }) => target)).toEqual(Array.from({ length: 4 }, () => '/v1/responses'));
});

test('an id of the API in the form of a path stays one segment', async () => {
  await using servers = await setUp();
  const { site, api } = servers;
  for (const id of ['../files', 'a/b', 'a?x=1', 'a#b', '%2e%2e', 'a\\b']) {
    await site.ask(`/responses/${await signResponseId(id, { secret, principal: 'ann' })}`);
  }
  expect(api.requests.map(({ target }) => target)).toEqual([
    '/v1/responses/..%2Ffiles',
    '/v1/responses/a%2Fb',
    '/v1/responses/a%3Fx%3D1',
    '/v1/responses/a%23b',
    '/v1/responses/%252e%252e',
    '/v1/responses/a%5Cb',
  ]);
});

test.each([
  ['POST', '', 'GET, DELETE'],
  ['PUT', '', 'GET, DELETE'],
  ['HEAD', '', 'GET, DELETE'],
  ['OPTIONS', '', 'GET, DELETE'],
  ['GET', '/cancel', 'POST'],
  ['DELETE', '/cancel', 'POST'],
])('answers %s …/{id}%s with 405 and the allowed methods', async (method, end, allow) => {
  await using servers = await setUp();
  const answer = await servers.site.ask(`/responses/resp_x${end}`, { method });
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe(allow);
  expect(servers.api.requests).toEqual([]);
});

test('a method in a header is ignored', async () => {
  await using servers = await setUp();
  const { site, api } = servers;
  const name = await signResponseId('resp_raw', { secret, principal: 'ann' });
  await site.ask(`/responses/${name}`, {
    headers: { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' },
  });
  expect(api.requests.map(({ method }) => method)).toEqual(['GET']);
});

test('refuses unknown query parameters, and forwards `stream` and `starting_after`', async () => {
  await using servers = await setUp();
  const { site, api } = servers;
  const name = await signResponseId('resp_raw', { secret, principal: 'ann' });
  expect((await site.ask(`/responses/${name}?beta=true`)).status).toBe(400);
  expect((await site.ask(`/responses/${name}/cancel?beta=true`, { method: 'POST' })).status).toBe(400);
  expect(
    (
      await site.ask('/responses?beta=true', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"model":"m"}',
      })
    ).status,
  ).toBe(400);
  expect(api.requests).toEqual([]);
  expect((await site.ask(`/responses/${name}?stream=true&starting_after=3`)).status).toBe(200);
  expect(api.requests[0]?.target).toBe('/v1/responses/resp_raw?stream=true&starting_after=3');
});

test('keeps a query of baseURL, which Azure needs', async () => {
  await using servers = await setUp();
  await using azure = await startSite({
    baseURL: `${servers.api.baseURL}/?api-version=preview`,
    headers: { 'api-key': 'azure-key' },
  });
  const name = await signResponseId('resp_raw', { secret, principal: 'ann' });
  await azure.ask(`/responses/${name}?stream=true`);
  expect(servers.api.requests[0]?.target).toBe('/v1/responses/resp_raw?api-version=preview&stream=true');
  expect(servers.api.requests[0]?.headers['api-key']).toBe('azure-key');
});
