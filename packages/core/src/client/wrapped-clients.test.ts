import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { answering, startGateway } from '../../test-support/gateway.ts';
import { fetches, plainFetches, wrappings } from '../../test-support/wrapped-clients.ts';
import { systemClock } from '../clock/system-clock.ts';
import type { IterationRequest } from '../engine/iteration-request.ts';
import { fetchClient } from './fetch-client.ts';
import type { ResponsesClient } from './responses-client.ts';
import { sendRequest } from './send-request.ts';

const body = { model: 'm', input: [{ role: 'user', content: 'Hi' }], background: true } as const;
const requests: readonly IterationRequest[] = [
  { kind: 'create', body },
  { kind: 'create', body: { ...body, stream: true } },
  { kind: 'retrieve', responseId: 'resp_1', stream: false },
  { kind: 'retrieve', responseId: 'resp_1', stream: true, startingAfter: 3 },
  { kind: 'cancel', responseId: 'resp_1' },
];

/** Answers of gateways, and the message that the failure must have. */
const foreign: readonly (readonly [status: number, body: string, contentType: string, expected: RegExp])[] = [
  [404, '<html><head><title>404 Not Found</title></head></html>', 'text/html', /404 Not Found$/],
  [404, `<html><title>long</title>${'x'.repeat(100_000)}</html>`, 'text/html', /long$/],
  [404, '{"message":"no Route matched"}', 'application/json', /no Route matched$/],
  [404, '{"code":"NoRoute","message":"no Route matched"}', 'application/json', /no Route matched$/],
  [403, '{"type":"error","code":"denied","message":"blocked"}', 'application/json', /blocked$/],
  [401, '{"statusCode":401,"message":"expired"}', 'application/json', /expired$/],
  [400, '{"error":"bad model"}', 'application/json', /bad model$/],
  [400, '{"error":true,"message":"bad"}', 'application/json', /HTTP 400/],
  [400, '{"errors":[{"message":"bad"}]}', 'application/json', /bad$/],
  [
    503,
    '{"type":"about:blank","title":"Unavailable","status":503}',
    'application/problem+json',
    /Unavailable$/,
  ],
  [502, 'upstream connect error or disconnect/reset before headers', 'text/plain', /before headers$/],
  [500, '', 'text/plain', /HTTP 500/],
];

const api = { message: 'No such response.', type: 'invalid_request_error', param: null, code: null };

async function expectForeign(clientOf: (baseURL: string) => ResponsesClient): Promise<void> {
  for (const [status, text, contentType, expected] of foreign) {
    await using gateway = await startGateway(answering(status, text, contentType));
    const client = clientOf(gateway.baseURL);
    for (const request of requests) {
      expect(await sendRequest(client, request, {}, systemClock)).toMatchObject({
        kind: 'failure',
        failure: {
          kind: 'http',
          sender: 'other',
          status,
          code: null,
          message: expect.stringMatching(expected),
        },
      });
    }
    expect(gateway.asked).toHaveLength(requests.length);
  }
  await using server = await startGateway(answering(404, JSON.stringify({ error: api })));
  const client = clientOf(server.baseURL);
  for (const request of requests) {
    expect(await sendRequest(client, request, {}, systemClock)).toMatchObject({
      failure: { kind: 'http', sender: 'api', status: 404, message: api.message },
    });
  }
}

const openai = (baseURL: string, options: object = {}): OpenAI =>
  new OpenAI({ baseURL, apiKey: 'key', ...options });

describe('distinguishes an error of a gateway from an error of the API', () => {
  test.each(Object.entries(wrappings))('through %s of the openai package', async (_name, wrap) => {
    await expectForeign((baseURL) => wrap(openai(baseURL)));
  });

  test.each(Object.entries(fetches))('through the openai package with %s', async (_name, fetch) => {
    await expectForeign((baseURL) => openai(baseURL, { fetch }));
    await expectForeign((baseURL) => Object.freeze(openai(baseURL, { fetch })));
  });

  test.each(Object.entries(plainFetches))('through fetchClient with %s', async (_name, fetch) => {
    await expectForeign((baseURL) => fetchClient({ baseURL, fetch }));
  });
});

test.each(Object.entries({ ...fetches, ...wrappings }))(
  'reads the delay that a server asks for through %s',
  async (name) => {
    await using gateway = await startGateway((outgoing) =>
      outgoing.writeHead(429, { 'retry-after': '7', 'content-type': 'application/json' }).end('{}'),
    );
    const fetch = fetches[name];
    const client = openai(gateway.baseURL, fetch === undefined ? {} : { fetch });
    const wrapped = wrappings[name]?.(client) ?? client;
    expect(
      await sendRequest(wrapped, { kind: 'cancel', responseId: 'resp_1' }, {}, systemClock),
    ).toMatchObject({
      pollAfterMs: 7_000,
      failure: { retryAfterMs: 7_000 },
    });
  },
);

describe('reads a Response object and a stream', () => {
  const queued = { id: 'resp_1', status: 'queued', output: [] };

  test.each(Object.entries(plainFetches))('with %s', async (_name, fetch) => {
    await using json = await startGateway(answering(200, JSON.stringify(queued)));
    await using events = await startGateway(answering(200, 'data: {"type":"x"}\n\n', 'text/event-stream'));
    for (const request of requests) {
      const client = fetchClient({ baseURL: json.baseURL, fetch });
      expect(await sendRequest(client, request, {}, systemClock)).toMatchObject({
        response: { id: 'resp_1' },
      });
    }
    const client = fetchClient({ baseURL: events.baseURL, fetch });
    const answer = await sendRequest(client, { kind: 'create', body }, {}, systemClock);
    const read: unknown[] = [];
    if (answer.kind === 'stream') for await (const batch of answer.events) read.push(...batch);
    expect(read).toEqual([{ type: 'x' }]);
  });
});

test.each([
  ['an instance', 'api'],
  ['a proxy of proxies', 'api'],
  ['only its resource', 'api'],
  ['only functions', 'other'],
  ['a frozen instance', 'other'],
])('through %s, the sender of an error of Azure, which has only two fields, is: %s', async (name, sender) => {
  const error = { code: 'DeploymentNotFound', message: 'No such deployment.' };
  await using gateway = await startGateway(answering(404, JSON.stringify({ error })));
  const client = openai(gateway.baseURL);
  const wrapped = wrappings[name]?.(client) ?? client;
  expect(await sendRequest(wrapped, { kind: 'create', body }, {}, systemClock)).toMatchObject({
    failure: { sender, status: 404, message: expect.stringMatching(/No such deployment\.$/) },
  });
});

test('wraps the fetch of a client once for many requests, and does not change its other requests', async () => {
  await using gateway = await startGateway(answering(404, '{"message":"no Route matched"}'));
  const client = openai(gateway.baseURL, { maxRetries: 0 });
  const wrapped = wrappings['a proxy of proxies']?.(client) ?? client;
  for (let count = 0; count < 3; count += 1)
    await sendRequest(wrapped, { kind: 'cancel', responseId: 'resp_1' }, {}, systemClock);
  const { fetch }: { readonly fetch?: unknown } = { fetch: Reflect.get(client, 'fetch') };
  await sendRequest(wrapped, { kind: 'cancel', responseId: 'resp_1' }, {}, systemClock);
  expect(Reflect.get(client, 'fetch')).toBe(fetch);
  await expect(client.responses.retrieve('resp_1')).rejects.toMatchObject({ status: 404 });
});

test.each(['an instance', 'traced methods', 'a proxy', 'only its resource'])(
  'recognizes a sign-in page with status 200 through %s',
  async (name) => {
    const page = '<html><title>Sign in</title></html>';
    await using gateway = await startGateway(answering(200, page, 'text/html'));
    const client = openai(gateway.baseURL);
    for (const request of requests) {
      const answer = await sendRequest(wrappings[name]?.(client) ?? client, request, {}, systemClock);
      expect(answer).toMatchObject({
        failure: { sender: 'other', status: 200, page: true, message: expect.stringMatching(/Sign in$/) },
      });
    }
  },
);
