import OpenAI from 'openai';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../clock/system-clock.ts';
import type { IterationRequest } from '../engine/iteration-request.ts';
import { fetchClient } from './fetch-client.ts';
import type { ResponsesClient } from './responses-client.ts';
import type { Answer } from './answer.ts';
import { sendRequest, type ApiRequest } from './send-request.ts';

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly headers: Headers;
}

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A `fetch` that records the requests. */
function noting(sent: Sent[], answer: () => Response | Promise<Response>): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const text = await request.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    sent.push({ method: request.method, url: request.url, body, headers: request.headers });
    return answer();
  };
}

const baseURL = 'http://api.test/v1';
const clients: readonly (readonly [string, (fetch: Fetch) => ResponsesClient])[] = [
  ['fetchClient', (fetch) => fetchClient({ baseURL, apiKey: 'key', fetch })],
  ['an OpenAI instance', (fetch) => new OpenAI({ baseURL, apiKey: 'key', fetch })],
];

const create: IterationRequest = {
  kind: 'create',
  body: { model: 'm', input: [{ role: 'user', content: 'Hi' }], background: true },
};
const poll: IterationRequest = { kind: 'retrieve', responseId: 'resp_1', stream: false };
const remove: ApiRequest = { kind: 'delete', responseId: 'resp_1' };
const deleted = { id: 'resp_1', object: 'response.deleted', deleted: true };
const foreign = { kind: 'failure', failure: { kind: 'http', sender: 'other', status: 200 } };
const html = { headers: { 'content-type': 'text/html' } };
const queued = { id: 'resp_1', status: 'queued', output: [], background: true, store: true };

describe.each(clients)('through %s', (_name, clientWith) => {
  const ask = (request: ApiRequest, answer: () => Response | Promise<Response>, sent: Sent[] = []) =>
    sendRequest(clientWith(noting(sent, answer)), request, {}, systemClock);

  test.each<[string, ApiRequest, string, string, unknown]>([
    ['a create', create, 'POST', '/responses', create.kind === 'create' ? create.body : undefined],
    ['a poll', poll, 'GET', '/responses/resp_1', undefined],
    ['a stream', { ...poll, stream: true }, 'GET', '/responses/resp_1?stream=true', undefined],
    [
      'a stream after a cursor (openai-node 1983)',
      { ...poll, stream: true, startingAfter: 7 },
      'GET',
      '/responses/resp_1?stream=true&starting_after=7',
      undefined,
    ],
    ['a cancel', { kind: 'cancel', responseId: 'resp_1' }, 'POST', '/responses/resp_1/cancel', undefined],
    ['a delete', remove, 'DELETE', '/responses/resp_1', undefined],
  ])('sends %s as one request', async (_what, request, method, path, body) => {
    const sent: Sent[] = [];
    await ask(request, () => Response.json(queued), sent);
    expect(sent.map((one) => [one.method, one.url, one.body])).toEqual([[method, `${baseURL}${path}`, body]]);
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer key');
  });

  test('encodes ids, so that an id from a server cannot lead to another path', async () => {
    const sent: Sent[] = [];
    const responseId = '../files/a?b';
    await ask({ ...poll, responseId }, () => Response.json(queued), sent);
    await ask({ kind: 'cancel', responseId }, () => Response.json(queued), sent);
    await ask({ kind: 'delete', responseId }, () => Response.json(deleted), sent);
    const path = `${baseURL}/responses/..%2Ffiles%2Fa%3Fb`;
    expect(sent.map(({ url }) => url)).toEqual([path, `${path}/cancel`, path]);
  });

  test.each([200, 202])('returns the Response object of an answer with status %i', async (status) => {
    expect(await ask(create, () => Response.json(queued, { status }))).toMatchObject({
      kind: 'response',
      response: { id: 'resp_1', status: 'queued', background: true },
      pollAfterMs: undefined,
    });
  });

  test('returns the delay that the server asks for, with a Response object and with an error', async () => {
    const wait = { 'openai-poll-after-ms': '2500' };
    expect(await ask(poll, () => Response.json(queued, { headers: wait }))).toMatchObject({
      pollAfterMs: 2_500,
    });
    const busy = { status: 503, headers: { 'retry-after': '7' } };
    expect(
      await ask(poll, () => Response.json({ error: { message: 'Busy.', type: 'server_error' } }, busy)),
    ).toMatchObject({
      kind: 'failure',
      failure: { kind: 'http', status: 503, sender: 'api' },
      pollAfterMs: 7_000,
    });
  });

  test('does not retry after an error, because the loop decides about retries', async () => {
    const sent: Sent[] = [];
    const answer = await ask(create, () => Response.json({ error: { message: 'x' } }, { status: 500 }), sent);
    expect(answer).toMatchObject({ kind: 'failure', failure: { kind: 'http', status: 500 } });
    expect(sent).toHaveLength(1);
  });

  test.each<[string, () => Response | Promise<Response>, string]>([
    ['an empty body', () => new Response(''), 'http'],
    ['a body that is not JSON', () => new Response('{"id":"resp_'), 'http'],
    ['JSON that is not a Response object', () => Response.json(['resp_1']), 'http'],
    ['a Response object without an id', () => Response.json({ status: 'queued' }), 'http'],
    ['a body that breaks', () => new Response(brokenBody()), 'lost'],
    [
      'a connection that breaks',
      () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })),
      'lost',
    ],
    [
      'a connection that is refused',
      () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } })),
      'refused',
    ],
  ])('returns a failure for %s, and does not reject', async (_case, answer, kind) => {
    expect(await ask(poll, answer)).toMatchObject({ kind: 'failure', failure: { kind } });
  });

  test.each<[string, () => Response, object]>([
    ['the API’s object', () => Response.json(deleted), { kind: 'deleted' }],
    ['no body', () => new Response(null, { status: 204 }), { kind: 'deleted' }],
    ['an empty body', () => new Response(''), foreign],
    ['a page of a gateway', () => new Response('<html>Sign in</html>', html), foreign],
    ['a Response object', () => Response.json(queued), foreign],
    ['an object that denies it', () => Response.json({ ...deleted, deleted: false }), foreign],
    ['an error', () => Response.json({ error: { message: 'x' } }, { status: 404 }), { kind: 'failure' }],
  ])('reads whether a delete was answered with %s', async (_what, answer, expected) => {
    expect(await ask(remove, answer)).toMatchObject(expected);
  });

  test('reads an event stream that answers a create or a retrieve', async () => {
    for (const request of [create, { ...poll, stream: true }]) {
      const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
      const answer = await ask(request, () => new Response('data: {"type":"x"}\n\n', { headers }));
      expect(await eventsOf(answer)).toEqual([{ type: 'x' }]);
    }
  });
});

function neverEnding(cancelled: () => void): Response {
  const body = new ReadableStream<Uint8Array>({ cancel: cancelled });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

describe('in a browser, which throws the same error for all network failures,', () => {
  const failsAs = async (before: boolean, after: boolean): Promise<unknown> => {
    const browser = { onLine: before };
    vi.stubGlobal('navigator', browser);
    onTestFinished(() => void vi.unstubAllGlobals());
    const answer = await sendRequest(
      fetchClient({
        baseURL,
        fetch: () => {
          browser.onLine = after;
          return Promise.reject(new TypeError('Failed to fetch'));
        },
      }),
      create,
      {},
      systemClock,
    );
    return answer.kind === 'failure' && answer.failure.kind;
  };

  test('a request that fails while the browser is offline was not sent', async () => {
    expect(await failsAs(false, false)).toBe('refused');
  });

  test.each([
    ['goes offline while it is pending', true, false],
    ['goes online while it is pending', false, true],
    ['stays online', true, true],
  ])('a failed request may have been sent if the browser %s', async (_name, before, after) => {
    expect(await failsAs(before, after)).toBe('lost');
  });
});

test('closes a stream that the request did not ask for, and returns a failure', async () => {
  let closed = false;
  const fetch: Fetch = async () => neverEnding(() => (closed = true));
  const answer = await sendRequest(fetchClient({ baseURL, fetch }), poll, {}, systemClock);
  expect(answer).toMatchObject({ kind: 'failure', failure: { kind: 'http', sender: 'other', status: 200 } });
  expect(closed).toBe(true);
});

function brokenBody(): ReadableStream<Uint8Array> {
  let pulls = 0;
  return new ReadableStream({
    pull(controller) {
      pulls += 1;
      if (pulls === 1) controller.enqueue(new TextEncoder().encode('{"id":"re'));
      else controller.error(new TypeError('terminated', { cause: { code: 'UND_ERR_SOCKET' } }));
    },
  });
}

async function eventsOf(answer: Answer): Promise<unknown[]> {
  const events: unknown[] = [];
  if (answer.kind === 'stream') for await (const batch of answer.events) events.push(...batch);
  return events;
}

describe('with a custom client', () => {
  function clientOf(result: () => PromiseLike<unknown>): ResponsesClient {
    return { responses: { create: result, retrieve: result, cancel: result } };
  }

  test('reads the resolved value as the Response object', async () => {
    expect(
      await sendRequest(
        clientOf(async () => queued),
        poll,
        {},
        systemClock,
      ),
    ).toMatchObject({ kind: 'response' });
  });

  test.each([
    [undefined, 'deleted'],
    [deleted, 'deleted'],
    [{ ...deleted, deleted: false }, 'failure'],
    ['<html>', 'failure'],
  ])('reads whether a delete that resolves to %j has succeeded', async (value, kind) => {
    const { responses } = clientOf(async () => queued);
    const client = { responses: { ...responses, delete: async () => value } };
    expect(await sendRequest(client, remove, {}, systemClock)).toMatchObject({ kind });
  });

  test('returns a failure for a delete if it has none', async () => {
    const client = clientOf(async () => queued);
    expect(await sendRequest(client, remove, {}, systemClock)).toMatchObject({ kind: 'failure' });
  });

  test('reads an async iterable as a stream', async () => {
    const client = clientOf(async () =>
      (async function* () {
        yield { type: 'a' };
        yield { type: 'b' };
      })(),
    );
    expect(await eventsOf(await sendRequest(client, poll, {}, systemClock))).toEqual([
      { type: 'a' },
      { type: 'b' },
    ]);
  });

  test('reads the answer of another client behind an async wrapper', async () => {
    const inner = fetchClient({ baseURL, fetch: async () => Response.json(queued) });
    const client = clientOf(async () => inner.responses.retrieve('resp_1'));
    expect(await sendRequest(client, poll, {}, systemClock)).toMatchObject({
      kind: 'response',
      response: { id: 'resp_1' },
    });
  });

  test('returns a failure if the client throws synchronously', async () => {
    const client = clientOf(() => {
      throw new Error('no key');
    });
    expect(await sendRequest(client, poll, {}, systemClock)).toMatchObject({
      failure: { kind: 'lost', message: 'no key' },
    });
  });

  test('turns off the retries of the client, because a retried create may start a second job', async () => {
    let options: unknown;
    const recorded = async (_body: object, given?: unknown): Promise<object> => {
      options = given;
      return queued;
    };
    await sendRequest(
      { responses: { ...clientOf(async () => queued).responses, create: recorded } },
      create,
      {},
      systemClock,
    );
    expect(options).toMatchObject({ maxRetries: 0 });
  });
});
