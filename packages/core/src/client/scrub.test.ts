import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../clock/system-clock.ts';
import { fetchClient } from './fetch-client.ts';
import { sendRequest } from './send-request.ts';
import { scrubAnswer } from './scrub.ts';

const secret = 'sk-proj-abcdef123456';

async function* broken(): AsyncIterable<readonly unknown[]> {
  yield [];
  throw new TypeError(`reset by ${secret}`);
}

test('removes the secret from the error of a broken stream', async () => {
  const answer = scrubAnswer({ kind: 'stream', events: broken() }, [secret]);
  const read = async (): Promise<void> => {
    for await (const batch of answer.kind === 'stream' ? answer.events : []) expect(batch).toEqual([]);
  };
  await expect(read()).rejects.toThrow('reset by [redacted]');
});

test('does not change or copy a delta, even if it contains the secret', async () => {
  const delta = { type: 'response.output_text.delta', delta: secret };
  async function* events(): AsyncIterable<readonly unknown[]> {
    yield [delta];
  }
  const answer = scrubAnswer({ kind: 'stream', events: events() }, [secret]);
  for await (const batch of answer.kind === 'stream' ? answer.events : []) expect(batch[0]).toBe(delta);
});

describe('an error’s message is scrubbed before it is shortened, so that no part of a key remains, for', () => {
  const secretParts = Array.from({ length: secret.length - 8 }, (_, at) => secret.slice(0, at + 9));
  const messageOf = async (fetch: () => Promise<Response>): Promise<string> => {
    const client = fetchClient({ baseURL: 'http://api.test/v1', apiKey: secret, fetch });
    const answer = await sendRequest(client, { kind: 'cancel', responseId: 'resp_1' }, {}, systemClock);
    return answer.kind === 'failure' ? `${answer.failure.message} ${String(answer.cause)}` : '';
  };

  test.each<[string, number, (text: string) => Promise<Response>]>([
    ['a page’s text', 400, async (text) => new Response(text, { status: 502 })],
    ['a detail', 400, async (text) => Response.json({ detail: text }, { status: 403 })],
    ['a success status without a Response object', 400, async (text) => Response.json({ message: text })],
    [
      'a thrown error',
      4_000,
      async (text) => {
        throw new TypeError(text);
      },
    ],
  ])('%s', async (_name, longest, answer) => {
    for (let before = longest - 100; before <= longest; before += 3) {
      const message = await messageOf(() =>
        answer(`${'x'.repeat(before)} ${secret} and more. ${'y'.repeat(9_000)}`),
      );
      expect(secretParts.filter((part) => message.includes(part))).toEqual([]);
    }
  });

  test('a message of a megabyte, which is shortened to fewer than 500 characters', async () => {
    const answer = scrubAnswer(
      {
        kind: 'failure',
        failure: {
          kind: 'http',
          sender: 'other',
          status: 502,
          code: null,
          type: null,
          param: null,
          message: 'x'.repeat(1_000_000),
        },
        pollAfterMs: undefined,
      },
      [],
    );
    expect(answer.kind === 'failure' && answer.failure.message.length).toBeLessThan(500);
  });
});

describe('a thrown value that quotes a secret is replaced by an error without it:', () => {
  const failing = async (thrown: unknown): Promise<unknown> => {
    const fetch = async (): Promise<Response> => {
      throw thrown;
    };
    const client = fetchClient({ baseURL: 'http://api.test/v1', apiKey: secret, fetch });
    const answer = await sendRequest(client, { kind: 'cancel', responseId: 'resp_1' }, {}, systemClock);
    return answer.kind === 'failure' ? answer.cause : undefined;
  };
  const headers = { authorization: `Bearer ${secret}` };
  const large = Object.fromEntries(Array.from({ length: 600 }, (_, at) => [at, {}]));

  test.each<[string, unknown]>([
    ['the configuration of a client', Object.assign(new Error('Lost.'), { config: { headers } })],
    [
      'a request',
      Object.assign(new Error('Lost.'), { request: new Request('http://api.test', { headers }) }),
    ],
    ['headers', Object.assign(new Error('Lost.'), { headers: new Headers(headers) })],
    ['a cause that is not an error', new Error('Lost.', { cause: { headers } })],
    ['one of several errors', new AggregateError([new Error(`of ${secret}`)], 'Lost.')],
    ['an object', { message: 'Lost.', headers }],
    ['more objects than are searched', Object.assign(new Error('Lost.'), { large })],
    [
      'a getter that throws',
      Object.defineProperty(new Error('Lost.'), 'trap', {
        get: () => {
          throw new Error('sprung');
        },
      }),
    ],
  ])('%s', async (_name, thrown) => {
    expect(await failing(thrown)).toEqual(new Error('Lost.'));
    expect(await failing(thrown)).not.toBe(thrown);
  });

  test('a string', async () => {
    expect(await failing(`by ${secret}`)).toEqual(new Error('by [redacted]'));
  });

  test('a message that is not a string', async () => {
    const thrown = new Error('');
    Reflect.set(thrown, 'message', { key: secret });
    expect(await failing(thrown)).toEqual(new Error('{"key":"[redacted]"}'));
  });

  test('except an error that refers to itself and quotes no secret', async () => {
    const thrown: Error & { self?: unknown } = new Error('Lost.');
    thrown.self = thrown;
    expect(await failing(thrown)).toBe(thrown);
  });
});

describe('the default options of an `openai` client are secrets, because gateways quote them:', () => {
  const headers = { 'x-gateway-key': secret };
  test.each<[string, object]>([
    ['headers', { defaultHeaders: headers }],
    ['headers as `Headers`', { defaultHeaders: new Headers(headers) }],
    ['headers as pairs', { defaultHeaders: [['x-gateway-key', secret]] }],
    [
      'headers with several values or without a value',
      { defaultHeaders: { a: null, b: undefined, 'x-key': [secret] } },
    ],
    ['a query', { defaultQuery: { 'api-version': '2025-04-01-preview', 'api-key': secret } }],
  ])('%s', async (_name, options) => {
    const fetch = async (): Promise<Response> =>
      Response.json({ error: { message: `No ${secret} in 2025-04-01-preview` } }, { status: 400 });
    const client = new OpenAI({ apiKey: 'k', baseURL: 'http://api.test/v1', fetch, ...options });
    const answer = await sendRequest(client, { kind: 'cancel', responseId: 'resp_1' }, {}, systemClock);
    expect(answer).toMatchObject({ failure: { message: 'No [redacted] in 2025-04-01-preview' } });
  });
});
