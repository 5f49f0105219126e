import { expect, test } from 'vitest';
import { rawRequest, sendRaw, statusOf } from './raw-http.ts';
import { readError } from './read-json.ts';
import { sendJson, startApi } from './scripted-api.ts';
import { apiKey, startSite } from './site.ts';

const body = '{"model":"m","input":"Hi"}';
const create = (headers: readonly string[], text = body): string =>
  rawRequest('POST /api/v1/responses', ['x-user: ann', 'content-type: application/json', ...headers], text);

test('forwards no header of the client to the API', async () => {
  await using api = await startApi((_request, outgoing) =>
    sendJson(outgoing, { id: 'resp_raw', status: 'queued' }),
  );
  await using site = await startSite(api);
  const answer = await sendRaw(
    site.port,
    create([
      `content-length: ${body.length}`,
      'authorization: Bearer sk-of-the-client',
      'api-key: of-the-client',
      'cookie: session=secret',
      'openai-organization: org-evil',
      'openai-project: proj_evil',
      'openai-beta: responses_multi_agent=v1',
      'x-forwarded-for: 10.0.0.1',
      'x-real-ip: 10.0.0.1',
      'te: trailers',
      'proxy-authorization: Basic eA==',
      'keep-alive: timeout=100',
      'upgrade-insecure-requests: 1',
      'x-client-secret: 1',
      'accept: application/x-secret',
    ]),
  );
  expect(statusOf(answer)).toBe(200);
  const headers = api.requests[0]?.headers ?? {};
  expect(headers.authorization).toBe(`Bearer ${apiKey}`);
  // The other headers are from `fetch` itself.
  const own = [
    'accept',
    'accept-encoding',
    'accept-language',
    'authorization',
    'connection',
    'content-length',
    'content-type',
    'host',
    'sec-fetch-mode',
    'user-agent',
  ];
  expect(Object.keys(headers).toSorted()).toEqual(own);
  expect(JSON.stringify(headers)).not.toMatch(/secret|evil|client|10\.0\.0\.1/);
});

test.each([
  ['both lengths', [`content-length: ${body.length}`, 'transfer-encoding: chunked']],
  ['two lengths', [`content-length: ${body.length}`, 'content-length: 3']],
  ['an invalid length', ['content-length: 2x']],
  ['an invalid encoding', ['transfer-encoding: xchunked']],
  [
    'a folded header',
    [`content-length: ${body.length}`, 'x-a: b\r\n\tc\r\n\r\nGET /api/v1/files HTTP/1.1\r\nhost: x'],
  ],
  ['a header with a bare line end', [`content-length: ${body.length}`, 'x-a: b\ntransfer-encoding: chunked']],
])(
  'does not read a second request out of one that two servers would read differently: %s',
  async (_, headers) => {
    await using api = await startApi((_request, outgoing) =>
      sendJson(outgoing, { id: 'resp_raw', status: 'queued' }),
    );
    await using site = await startSite(api);
    await sendRaw(
      site.port,
      create(headers, `${body}\r\n0\r\n\r\nPOST /api/v1/responses HTTP/1.1\r\nhost: x\r\n\r\n`),
    );
    expect(api.requests.length).toBeLessThanOrEqual(1);
    for (const request of api.requests) expect(request).toMatchObject({ target: '/v1/responses', body });
  },
);

test('sends the API the checked value of a field that a body contains twice', async () => {
  await using api = await startApi((_request, outgoing) =>
    sendJson(outgoing, { id: 'resp_raw', status: 'queued' }),
  );
  await using site = await startSite(api);
  const twice = '{"model":"m","model":"expensive","input":"Hi"}';
  const refused = await site.create({}, { body: twice });
  expect(await readError(refused)).toMatchObject({ param: 'model' });
  const allowed = await site.create({}, { body: '{"model":"expensive","model":"m","input":"Hi"}' });
  expect(allowed.status).toBe(200);
  expect(api.requests.map((request) => request.body)).toEqual(['{"model":"m","input":"Hi"}']);
});

test('forwards only the API’s headers for timing and support to the client', async () => {
  await using api = await startApi((_request, outgoing) =>
    sendJson(outgoing, { id: 'resp_raw', status: 'queued' }, 200, {
      'openai-organization': 'org-site',
      'openai-project': 'proj_site',
      'openai-version': '2020-10-01',
      'openai-processing-ms': '12',
      'openai-poll-after-ms': '1500',
      'x-request-id': 'req_1',
      'x-ratelimit-remaining-tokens': '7',
      'x-ratelimit-limit-requests': '9',
      'set-cookie': '__cf_bm=x; path=/',
      'cf-ray': 'x',
      server: 'cloudflare',
      'strict-transport-security': 'max-age=1',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': '*',
    }),
  );
  await using site = await startSite(api);
  const { headers } = await site.create({ model: 'm', input: 'Hi' });
  // On a slow machine the answer is sent before its length is known.
  const framing = ['content-length', 'transfer-encoding'];
  expect(Object.fromEntries([...headers].filter(([name]) => !framing.includes(name)))).toEqual({
    'cache-control': 'no-store',
    connection: 'keep-alive',
    'content-type': 'application/json',
    date: expect.any(String),
    'keep-alive': expect.any(String),
    'openai-poll-after-ms': '1500',
    'openai-processing-ms': '12',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
    'x-request-id': 'req_1',
  });
});
