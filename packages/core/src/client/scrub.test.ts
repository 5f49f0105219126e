import { describe, expect, test } from 'vitest';
import { systemClock } from '../clock/system-clock.ts';
import { fetchClient } from './fetch-client.ts';
import { send } from './send.ts';
import { scrubAnswer } from './scrub.ts';

const secret = 'sk-proj-abcdef123456';

async function* broken(): AsyncIterable<readonly unknown[]> {
  yield [];
  throw new TypeError(`reset by ${secret}`);
}

test('a stream that breaks with a secret in its error gives the error without it', async () => {
  const answer = scrubAnswer({ kind: 'stream', events: broken() }, [secret]);
  const read = async (): Promise<void> => {
    for await (const batch of answer.kind === 'stream' ? answer.events : []) expect(batch).toEqual([]);
  };
  await expect(read()).rejects.toThrow('reset by [redacted]');
});

test('a delta passes as the object that it is', async () => {
  const delta = { type: 'response.output_text.delta', delta: secret };
  async function* events(): AsyncIterable<readonly unknown[]> {
    yield [delta];
  }
  const answer = scrubAnswer({ kind: 'stream', events: events() }, [secret]);
  for await (const batch of answer.kind === 'stream' ? answer.events : []) expect(batch[0]).toBe(delta);
});

describe('what an error quotes is cut only once it is scrubbed: the half of a key would stay', () => {
  const secretParts = Array.from({ length: secret.length - 8 }, (_, at) => secret.slice(0, at + 9));
  const messageOf = async (fetch: () => Promise<Response>): Promise<string> => {
    const client = fetchClient({ baseURL: 'http://api.test/v1', apiKey: secret, fetch });
    const answer = await send(client, { kind: 'cancel', responseId: 'resp_1' }, {}, systemClock);
    return answer.kind === 'failure' ? `${answer.failure.message} ${String(answer.cause)}` : '';
  };

  test.each<[string, number, (text: string) => Promise<Response>]>([
    ['a page’s text', 400, async (text) => new Response(text, { status: 502 })],
    ['a detail', 400, async (text) => Response.json({ detail: text }, { status: 403 })],
    ['a success that is none', 400, async (text) => Response.json({ message: text })],
    [
      'an error that is thrown',
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

  test('a page of a megabyte is quoted in part only', async () => {
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
