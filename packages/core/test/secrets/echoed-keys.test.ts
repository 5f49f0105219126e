import { inspect } from 'node:util';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { messageOf, responseOf } from '../../test-support/hand-server.ts';
import { eventsOf } from '../../test-support/scenario.ts';
import { sseAnswer } from '../../test-support/sse-answer.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import type { ResponsesClient } from '../../src/client/responses-client.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { manualClock } from '../../src/testing/manual-clock.ts';

const key = 'sk-proj-abcdef123456';
const header = 'hdr-secret-98765';
type Fetch = (url: unknown, init?: RequestInit) => Promise<Response>;

const clients: Readonly<Record<string, (fetch: Fetch) => ResponsesClient>> = {
  fetchClient: (fetch) =>
    fetchClient({ baseURL: 'http://server.test/v1', apiKey: key, headers: { 'x-gateway': header }, fetch }),
  'fetchClient with functions': (fetch) =>
    fetchClient({
      baseURL: 'http://server.test/v1',
      apiKey: async () => key,
      headers: async () => ({ authorization: `Bearer ${key}`, 'x-gateway': header }),
      fetch,
    }),
  openai: (fetch) => new OpenAI({ baseURL: 'http://server.test/v1', apiKey: key, fetch }),
  'openai with a function': (fetch) =>
    new OpenAI({ baseURL: 'http://server.test/v1', apiKey: async () => key, fetch }),
};

const quoted = `Incorrect API key provided: ${key}, by ${encodeURIComponent(`Bearer ${key}`)}`;
const failure = { message: quoted, type: 'invalid_request_error', code: key, param: key };
const ended = { error: { code: 'invalid_prompt', message: quoted } };

const answers: Readonly<Record<string, (init: RequestInit | undefined) => Response>> = {
  'a refused create': () => Response.json({ error: failure }, { status: 400 }),
  'the HTML page of a proxy': () => new Response(`<title>${key}</title>`, { status: 403 }),
  'a body that is not a Response': () => Response.json({ detail: quoted }),
  'a failed response': () => Response.json(responseOf('resp_1', 'failed', ended)),
  'a failed poll': (init) =>
    init?.method === 'GET'
      ? Response.json({ error: failure }, { status: 404 })
      : Response.json(responseOf('resp_1', 'queued')),
  'a poll that is retried': (init) =>
    init?.method === 'GET'
      ? Response.json({ error: failure }, { status: 500 })
      : Response.json(responseOf('resp_1', 'queued')),
  'a broken connection': () => {
    throw new TypeError(`cannot connect with ${key}`);
  },
  'an error in a stream': () =>
    sseAnswer([
      { type: 'response.created', response: responseOf('resp_1', 'in_progress') },
      { type: 'error', ...ended.error, error: ended.error },
      { type: 'response.failed', response: responseOf('resp_1', 'failed', ended) },
    ]),
  'an error without a type in a stream': () => untypedEvents({ error: failure }),
  'an error without a type in a stream, after the response id': () =>
    untypedEvents({ response: responseOf('resp_1', 'in_progress') }, { error: failure }),
  'a stream event that is itself a snapshot': () =>
    untypedEvents(responseOf('resp_1', 'in_progress'), {
      type: 'response.failed',
      ...responseOf('resp_1', 'failed', ended),
    }),
  'the reason for an incomplete response in a stream': () =>
    untypedEvents(
      { response: responseOf('resp_1', 'in_progress') },
      {
        type: 'response.incomplete',
        response: responseOf('resp_1', 'incomplete', { incomplete_details: { reason: quoted } }),
      },
    ),
  'an incomplete response': () =>
    Response.json(responseOf('resp_1', 'incomplete', { incomplete_details: { reason: quoted } })),
  'a failed response’s misalignment and param': () =>
    Response.json(
      responseOf('resp_1', 'failed', {
        error: { ...ended.error, param: key, misalignment: { details: [{ text: quoted }] } },
      }),
    ),
};

/** Events without `event:` lines, as gateways send them. */
function untypedEvents(...events: readonly object[]): Response {
  const frames = events.map((event) => `data: ${JSON.stringify(event)}\n\n`);
  return new Response(frames.join(''), { headers: { 'content-type': 'text/event-stream' } });
}

describe('a key that a server echoes is neither saved nor shown', () => {
  for (const [name, make] of Object.entries(clients)) {
    test.each(Object.entries(answers))(`${name}: %s`, async (what, answer) => {
      const clock = manualClock(1_770_000_000_000);
      const store = memoryStore({ clock });
      const client = make(async (_url, init) => answer(init));
      const runner = createRunner({
        client,
        clock,
        store,
        mode: what.includes('stream') ? 'stream' : 'poll',
      });
      const run = runner.start(defineAgent({ name: 'a', model: 'm' }), 'Hi', { limits: { runMs: 60_000 } });
      await clock.advance(20_000);
      expect(JSON.stringify([run.view, await store.load(run.id)])).not.toContain(key);
      await clock.advance(600_000);
      const view = await run.done();
      expect(view.error).toBeDefined();
      expect(JSON.stringify([view, await eventsOf(run), await store.load(run.id)])).not.toContain(key);
      const error: unknown = await run.result().catch((thrown: unknown) => thrown);
      expect(inspect(error, { depth: 9 })).not.toContain(key);
    });
  }

  test('header values are redacted, but plain words are not', async () => {
    const message = `no such model for ${header}, key`;
    const client = fetchClient({
      baseURL: 'http://server.test/v1',
      apiKey: 'key',
      headers: { 'x-gateway': header },
      fetch: async () => Response.json({ error: { message } }, { status: 400 }),
    });
    const run = createRunner({ client, mode: 'poll' }).start(defineAgent({ name: 'a', model: 'm' }), 'Hi');
    expect((await run.done()).error?.message).toBe('no such model for [redacted], key');
  });

  test('a key is redacted even after `apiKey` returns another one', async () => {
    const keys = ['first-key-123456', 'second-key-123456'];
    let asked = 0;
    const clock = manualClock(0);
    const client = fetchClient({
      baseURL: 'http://server.test/v1',
      apiKey: () => keys[Math.min(asked++, 1)] ?? '',
      fetch: async (_url, init) =>
        init?.method === 'GET'
          ? Response.json(
              responseOf('r', 'failed', { error: { code: 'invalid_prompt', message: `was ${keys.join()}` } }),
            )
          : Response.json(responseOf('r', 'queued', { output: [messageOf('')] })),
    });
    const run = createRunner({ client, clock, mode: 'poll' }).start(
      defineAgent({ name: 'a', model: 'm' }),
      'Hi',
    );
    await clock.advance(10_000);
    expect((await run.done()).error?.message).toBe('was [redacted],[redacted]');
  });

  test.each(['answered', 'broken'])(
    'a key is redacted even after another run of the same `openai` client replaced it: a create %s late',
    async (how) => {
      const late = Promise.withResolvers<void>();
      let asked = 0;
      const client = new OpenAI({
        baseURL: 'http://server.test/v1',
        apiKey: async () => `key-number-${(asked += 1)}-98765`,
        fetch: async (_url, init) => {
          const sent = new Headers(init?.headers).get('authorization') ?? '';
          if (!sent.includes('-1-'))
            return Response.json(responseOf('r', 'completed', { output: [messageOf('ok')] }));
          await late.promise;
          if (how === 'broken') throw new TypeError(`cannot send ${sent}`);
          const message = `no such key: ${sent.replace('Bearer ', '')}`;
          return Response.json({ error: { ...failure, message, code: 'x', param: null } }, { status: 400 });
        },
      });
      const clock = manualClock(0);
      const runner = createRunner({ client, clock, mode: 'poll', onUnknownCreate: 'fail' });
      const agent = defineAgent({ name: 'a', model: 'm' });
      const first = runner.start(agent, 'Hi');
      await clock.advance(1_000);
      await runner.start(agent, 'Hi').result();
      late.resolve();
      await clock.advance(1_000);
      const { error } = await first.done();
      expect(error?.message).toBe(how === 'answered' ? 'no such key: [redacted]' : 'Connection error.');
      expect(
        inspect([error, first.snapshot(), await first.result().catch((one: unknown) => one)], { depth: 20 }),
      ).not.toContain('key-number-1-');
    },
  );
});
