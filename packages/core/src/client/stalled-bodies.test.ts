import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { manualClock } from '../testing/manual-clock.ts';
import type { IterationRequest } from '../engine/iteration-request.ts';
import { fetchClient } from './fetch-client.ts';
import type { ResponsesClient } from './responses-client.ts';
import type { Answer } from './answer.ts';
import { sendRequest } from './send-request.ts';

const create: IterationRequest = { kind: 'create', body: { model: 'm', input: [], background: true } };
const baseURL = 'http://api.test/v1';

type Fetch = () => Promise<Response>;
const clients: readonly (readonly [string, (fetch: Fetch) => ResponsesClient])[] = [
  ['fetchClient', (fetch) => fetchClient({ baseURL, fetch })],
  ['an OpenAI instance', (fetch) => new OpenAI({ baseURL, apiKey: 'key', fetch })],
];

/** A body that starts with a text, and then calls `then` for each read. */
function beginning(text: string, then: (controller: ReadableStreamDefaultController<Uint8Array>) => void) {
  let isFirst = true;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (isFirst) controller.enqueue(new TextEncoder().encode(text));
        else then(controller);
        isFirst = false;
      },
      // The cancel of a stalled body does not settle either.
      cancel: () => new Promise(() => undefined),
    },
    { highWaterMark: 0 },
  );
}

const stalls = (): void => undefined;
const breaks = (controller: ReadableStreamDefaultController<Uint8Array>): void =>
  controller.error(new TypeError('terminated'));
const doesNotEnd = (controller: ReadableStreamDefaultController<Uint8Array>): void =>
  controller.enqueue(new Uint8Array(300_000).fill(120));

async function answerTo(client: ResponsesClient): Promise<Answer> {
  const clock = manualClock(0);
  const answer = sendRequest(client, create, {}, clock);
  let isDone = false;
  void answer.then(() => (isDone = true));
  for (let waited = 0; !isDone && waited < 60; waited += 1) {
    await new Promise((turn) => setTimeout(turn, 1));
    await clock.advance(1_000);
  }
  return isDone ? answer : Promise.reject(new Error('The request is still pending.'));
}

describe.each(clients)(
  'with %s, the failure is known without the rest of a body that',
  (_name, clientWith) => {
    test.each([
      ['stalls', stalls],
      ['breaks', breaks],
      ['does not end', doesNotEnd],
    ])('%s', async (_case, then) => {
      const answers = [400, 404, 429, 500, 503].map(async (status) => {
        const body = beginning('upstream connect error', then);
        const headers = { 'retry-after': '3' };
        expect(await answerTo(clientWith(async () => new Response(body, { status, headers })))).toMatchObject(
          {
            failure: {
              kind: 'http',
              sender: 'other',
              status,
              message: expect.stringContaining('upstream connect error'),
              retryAfterMs: 3_000,
            },
          },
        );
      });
      await Promise.all(answers);
    });

    test('stalls after a complete error object of the API', async () => {
      const error = { message: 'Busy.', type: 'server_error', param: null, code: 'slow_down' };
      const body = beginning(JSON.stringify({ error }), stalls);
      expect(await answerTo(clientWith(async () => new Response(body, { status: 503 })))).toMatchObject({
        failure: { sender: 'api', status: 503, code: 'slow_down' },
      });
    });

    test('stalls and is a sign-in page with status 200', async () => {
      const body = beginning('<html><title>Sign in</title>', stalls);
      const headers = { 'content-type': 'text/html' };
      expect(await answerTo(clientWith(async () => new Response(body, { headers })))).toMatchObject({
        failure: { sender: 'other', status: 200, page: true, message: expect.stringContaining('Sign in') },
      });
    });
  },
);
