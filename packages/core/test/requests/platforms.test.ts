import OpenAI, { AzureOpenAI } from 'openai';
import { describe, expect, test } from 'vitest';
import { messageOf, responseOf } from '../../test-support/hand-server.ts';
import { sseAnswer } from '../../test-support/sse-answer.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import type { ResponsesClient } from '../../src/client/responses-client.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import type { RunnerOptions } from '../../src/driver/runner/runner-options.ts';
import { createEmulator, manualClock, type ManualClock } from '../../src/testing/index.ts';
import type { RunView } from '../../src/engine/view/run-view.ts';

type Fetch = (url: unknown, init?: RequestInit) => Promise<Response>;

const baseURL = 'http://server.test/v1';
const clients: readonly (readonly [name: string, (fetch: Fetch) => ResponsesClient])[] = [
  ['fetchClient', (fetch) => fetchClient({ baseURL, fetch })],
  ['openai', (fetch) => new OpenAI({ baseURL, apiKey: 'k', fetch })],
];

async function drive(
  client: ResponsesClient,
  options: Partial<RunnerOptions> & { readonly clock?: ManualClock } = {},
): Promise<RunView> {
  const clock = options.clock ?? manualClock(1_770_000_000_000);
  const runner = createRunner({ client, clock, mode: 'poll', random: () => 0.5, ...options });
  const run = runner.start(defineAgent({ name: 'a', model: 'm' }), 'Hi', { limits: { runMs: 600_000 } });
  await clock.advance(2_000_000);
  return run.done();
}

const done = responseOf('resp_1', 'completed', { output: [messageOf('ok')] });

describe.each(clients)(
  'frameworks that cache the GETs of fetch (replicate-javascript 136): %s',
  (_name, make) => {
    test('each request has `no-store`, so that the server answers every poll', async () => {
      const clock = manualClock(1_770_000_000_000);
      const emulator = createEmulator({ clock, script: [{ text: 'ok', queuedMs: 3_000, runMs: 60_000 }] });
      const cache = new Map<string, string>();
      const inits: (RequestInit | undefined)[] = [];
      const fetch: Fetch = async (url, init) => {
        inits.push(init);
        const cached = cache.get(String(url));
        const mayCache = (init?.method ?? 'GET').toUpperCase() === 'GET' && init?.cache !== 'no-store';
        if (mayCache && cached !== undefined) return new Response(cached);
        const answer = await emulator.fetch(String(url), init);
        const text = await answer.text();
        if (mayCache) cache.set(String(url), text);
        return new Response(text, { status: answer.status, headers: answer.headers });
      };
      expect(await drive(make(fetch), { clock })).toMatchObject({ status: 'completed', text: 'ok' });
      expect(inits.map((init) => init?.cache)).toEqual(inits.map(() => 'no-store'));
    });

    test.each([
      "The 'cache' field on 'RequestInitializerDict' is not implemented.",
      'Unsupported cache mode: no-store',
    ])(
      'the client repeats a request without the option on a platform that rejects it: %s',
      async (message) => {
        const sent: (RequestInit | undefined)[] = [];
        let asked = 0;
        const fetch: Fetch = async (_url, init) => {
          asked += 1;
          if (init?.cache !== undefined) throw new Error(message);
          sent.push(init);
          return Response.json(init?.method === 'GET' ? done : responseOf('resp_1', 'queued'));
        };
        expect(await drive(make(fetch))).toMatchObject({ status: 'completed', warnings: [] });
        expect(sent).toHaveLength(2);
        expect(
          sent.every((init) => init !== undefined && !('cache' in init && init.cache !== undefined)),
        ).toBe(true);
        // After the first rejection, the client omits the option.
        expect(asked).toBe(3);
      },
    );

    test('the client does not repeat a request after another error', async () => {
      let creates = 0;
      const fetch: Fetch = async () => {
        creates += 1;
        throw new TypeError('fetch failed: the cache of names is empty');
      };
      await drive(make(fetch), { onUnknownCreate: 'fail' });
      expect(creates).toBe(1);
    });
  },
);

describe('React Native’s fetch, whose Response has no body (react-native 37505)', () => {
  const bare = async (answer: Response): Promise<Response> => {
    const text = await answer.text();
    const { ok, status, headers } = answer;
    const native = { ok, status, headers, text: async () => text, json: async () => JSON.parse(text) };
    return new Proxy(answer, {
      get: (_target, name) => Reflect.get(native, name),
      has: (_target, name) => Reflect.has(native, name),
    });
  };

  test('the client reads a stream with text()', async () => {
    let requests = 0;
    const fetch = async (): Promise<Response> => {
      requests += 1;
      const created = { type: 'response.created', response: responseOf('resp_1', 'in_progress') };
      return bare(sseAnswer([created, { type: 'response.completed', response: done }]));
    };
    const view = await drive(fetchClient({ baseURL, fetch }), { mode: 'auto' });
    expect(view).toMatchObject({ status: 'completed', text: 'ok', warnings: [] });
    expect(requests).toBe(1);
  });

  test.each(['create', 'stream'] as const)(
    'the client treats a `body` whose getter throws as missing: %s',
    async (asked) => {
      let requests = 0;
      const fetch = async (): Promise<Response> => {
        requests += 1;
        const completed = { type: 'response.completed', response: done };
        const answer = asked === 'stream' ? sseAnswer([completed]) : Response.json(done);
        return Object.defineProperty(answer, 'body', {
          get: () => {
            throw new TypeError('Response.body is not implemented');
          },
        });
      };
      const mode = asked === 'stream' ? 'stream' : 'poll';
      const view = await drive(fetchClient({ baseURL, fetch }), { mode });
      expect(view).toMatchObject({ status: 'completed', text: 'ok' });
      expect(requests).toBe(1);
    },
  );

  test('the client rejects a stream that it did not request', async () => {
    const fetch = async (_url: string, init?: RequestInit): Promise<Response> =>
      init?.method === 'GET'
        ? bare(sseAnswer([{ type: 'response.completed', response: done }]))
        : bare(Response.json(responseOf('resp_1', 'queued')));
    const clock = manualClock(0);
    const runner = createRunner({ client: fetchClient({ baseURL, fetch }), clock, mode: 'poll' });
    const run = runner.start(defineAgent({ name: 'a', model: 'm' }), 'Hi', { limits: { runMs: 60_000 } });
    await clock.advance(30_000);
    expect(run.view.status).not.toBe('completed');
    await clock.advance(600_000);
    await run.done();
  });

  test('the client reads JSON', async () => {
    const fetch = async (_url: string, init?: RequestInit): Promise<Response> =>
      bare(Response.json(init?.method === 'GET' ? done : responseOf('resp_1', 'queued')));
    expect(await drive(fetchClient({ baseURL, fetch }))).toMatchObject({ status: 'completed', text: 'ok' });
  });
});

describe('a base URL with a query (Azure’s api-version)', () => {
  const azure = 'https://res.openai.azure.com/openai/v1';
  test.each([
    ['fetchClient', (fetch: Fetch) => fetchClient({ baseURL: `${azure}?api-version=preview`, fetch })],
    ['with a slash', (fetch: Fetch) => fetchClient({ baseURL: `${azure}/?api-version=preview`, fetch })],
    ['with a fragment', (fetch: Fetch) => fetchClient({ baseURL: `${azure}?api-version=preview#x`, fetch })],
    [
      'AzureOpenAI',
      (fetch: Fetch) => new AzureOpenAI({ apiKey: 'k', baseURL: azure, apiVersion: 'preview', fetch }),
    ],
  ])('the client appends the query to every path: %s', async (_name, make) => {
    const urls: string[] = [];
    const fetch: Fetch = async (url, init) => {
      urls.push(String(url));
      return Response.json(init?.method === 'GET' ? done : responseOf('resp_1', 'queued'));
    };
    expect((await drive(make(fetch))).status).toBe('completed');
    expect(urls).toEqual([
      `${azure}/responses?api-version=preview`,
      `${azure}/responses/resp_1?api-version=preview`,
    ]);
  });

  test('the client adds the parameters of the request to the query', async () => {
    const urls: string[] = [];
    const fetch: Fetch = async (url) => {
      urls.push(String(url));
      return Response.json(done);
    };
    const { responses } = fetchClient({ baseURL: '/v1?a=1&b=x%20y', fetch });
    const answer = responses.retrieve('resp_1', { stream: true, starting_after: 3 });
    if ('asResponse' in answer) await answer.asResponse();
    expect(urls).toEqual(['/v1/responses/resp_1?a=1&b=x%20y&stream=true&starting_after=3']);
  });
});

describe('a response id that would name another path', () => {
  const ids = ['.', '..', '', 'half \ud83d'];
  test.each(ids)('fetchClient rejects %j', (id) => {
    const fetch: Fetch = async () => expect.unreachable('Nothing may be sent.');
    const { responses } = fetchClient({ baseURL, fetch });
    expect(() => responses.retrieve(id)).toThrow(/response id/);
    expect(() => responses.cancel(id)).toThrow(/response id/);
  });

  test.each(ids)('the run treats the id %j as missing, and sends only creates', async (id) => {
    const paths: string[] = [];
    const fetch: Fetch = async (url) => {
      paths.push(new URL(String(url)).pathname);
      return Response.json(responseOf(id, 'queued'));
    };
    await drive(fetchClient({ baseURL, fetch }), { onUnknownCreate: 'fail' });
    expect(new Set(paths)).toEqual(new Set(['/v1/responses']));
  });

  test('fetchClient encodes other unusual ids', async () => {
    const paths: string[] = [];
    const fetch: Fetch = async (url, init) => {
      paths.push(String(url));
      return Response.json(
        init?.method === 'GET' ? { ...done, id: 'a/../b?c' } : responseOf('a/../b?c', 'queued'),
      );
    };
    await drive(fetchClient({ baseURL, fetch }));
    expect(paths[1]).toBe('http://server.test/v1/responses/a%2F..%2Fb%3Fc');
  });
});
