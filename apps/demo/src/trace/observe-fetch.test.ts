import { expect, test } from 'vitest';
import { observeFetch } from './observe-fetch.ts';
import type { WireSpan } from './wire-span.ts';

const base = 'http://demo.test/v1/responses';

function observed(answer: (request: Request) => Response | Promise<Response>): {
  readonly fetch: ReturnType<typeof observeFetch>;
  readonly spans: () => WireSpan[];
} {
  const spans = new Map<string, WireSpan>();
  let time = 0;
  const fetch = observeFetch({
    fetch: async (input) => answer(new Request(input)),
    now: () => (time += 10),
    newId: () => `s${spans.size}`,
    onSpan: (span) => spans.set(span.id, span),
  });
  return { fetch, spans: () => [...spans.values()] };
}

test('a create has its run and iteration, from the idempotency key', async () => {
  const { fetch, spans } = observed(() => Response.json({}));
  await fetch(base, { method: 'POST', headers: { 'idempotency-key': 'a/run/2/0' } });
  expect(spans()).toMatchObject([{ kind: 'create', runId: 'a/run', iteration: 2, status: 200 }]);
});

test('a poll, a resumed stream and a cancel have their response id', async () => {
  const { fetch, spans } = observed(() => Response.json({}));
  await fetch(`${base}/resp_1`);
  await fetch(`${base}/resp_1?stream=true&starting_after=17`);
  await fetch(`${base}/resp_1/cancel`, { method: 'POST' });
  expect(spans()).toMatchObject([
    { kind: 'poll', responseId: 'resp_1' },
    { kind: 'stream', responseId: 'resp_1', startingAfter: 17 },
    { kind: 'cancel', responseId: 'resp_1' },
  ]);
});

test('a span ends with the last byte of its body, not with its headers', async () => {
  const { fetch, spans } = observed(() => new Response('12345'));
  const response = await fetch(`${base}/resp_1`);
  expect(spans()[0]?.endedAt).toBeUndefined();
  expect(await response.text()).toBe('12345');
  expect(spans()).toMatchObject([{ bytes: 5, endedAt: expect.any(Number) }]);
});

test('a create that is answered by a stream is reported as a stream', async () => {
  const { fetch, spans } = observed(
    () => new Response('data: {}\n\n', { headers: { 'content-type': 'text/event-stream; charset=utf-8' } }),
  );
  await (await fetch(base, { method: 'POST', headers: { 'idempotency-key': 'r/0/0' } })).text();
  expect(spans()).toMatchObject([{ kind: 'stream', runId: 'r', iteration: 0 }]);
});

test('a connection that breaks is reported, and the caller receives the error', async () => {
  const { fetch, spans } = observed(
    () =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.error(new TypeError('reset')),
        }),
      ),
  );
  const response = await fetch(`${base}/resp_1`);
  await expect(response.text()).rejects.toThrow('reset');
  expect(spans()).toMatchObject([{ problem: 'reset', endedAt: expect.any(Number) }]);
});

test('a refused connection is reported, and the caller receives the error', async () => {
  const { fetch, spans } = observed(() => Promise.reject(new TypeError('Failed to fetch')));
  await expect(fetch(`${base}/resp_1`)).rejects.toThrow('Failed to fetch');
  expect(spans()).toMatchObject([{ problem: 'Failed to fetch' }]);
});

test('requests to other URLs are not reported', async () => {
  const { fetch, spans } = observed(() => Response.json({}));
  await fetch('http://demo.test/api/config');
  expect(spans()).toEqual([]);
});
