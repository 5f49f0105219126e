import { once } from 'node:events';
import { connect } from 'node:net';
import { createProxy } from '@longhaul/core/server';
import { describe, expect, test, vi } from 'vitest';
import { readResponse } from './read-json.ts';
import { type ApiRequest, sendJson, snapshot, startApi, startEvents } from './scripted-api.ts';
import { apiKey, secret, startSite } from './site.ts';
import { until } from './until.ts';
import { untilTestEnds } from '../../packages/core/test-support/patience.ts';
import { BodyReader } from './body-reader.ts';
import { streamed, delta } from './streamed-text.ts';

test('a slow client slows the API down, and the proxy does not fill its memory', async () => {
  const piece = delta('x'.repeat(64 * 1024), 1);
  let written = 0;
  let stopped = false;
  await using api = await startApi(async ({ gone }, outgoing) => {
    startEvents(outgoing);
    outgoing.write(snapshot('response.created', 0, 'queued'));
    while (!gone.aborted && written < 4_000) {
      written += 1;
      if (!outgoing.write(piece)) {
        await Promise.race([once(outgoing, 'drain'), once(gone, 'abort')]);
      }
    }
    stopped = true;
  });
  await using site = await startSite(api);
  const body = JSON.stringify(streamed);
  const client = connect(site.port, '127.0.0.1');
  client.write(
    `POST /api/v1/responses HTTP/1.1\r\nHost: x\r\nx-user: ann\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await once(client, 'readable');
  // The client reads nothing from here on. After the buffers (kernel, Node) are full, the API has to wait.
  let before = -1;
  await vi.waitUntil(
    () => {
      const isStalled = written === before;
      before = written;
      return isStalled;
    },
    { interval: 300, timeout: untilTestEnds },
  );
  expect(stopped).toBe(false);
  expect(written * piece.length).toBeLessThan(64 * 2 ** 20);
  client.destroy();
  await until(() => stopped);
});

describe('a client that disconnects', () => {
  async function isGone(request: ApiRequest | undefined): Promise<boolean> {
    return until(() => request?.gone.aborted === true);
  }

  test('closes the connection to the API, and does not cancel the job', async () => {
    await using api = await startApi((_request, outgoing) => {
      startEvents(outgoing);
      outgoing.write(snapshot('response.created', 0, 'queued'));
    });
    await using site = await startSite(api);
    const leave = new AbortController();
    const reader = new BodyReader(await site.create(streamed, { signal: leave.signal }));
    await reader.until('response.created');
    leave.abort();
    expect(await isGone(api.requests[0])).toBe(true);
    expect(api.requests).toHaveLength(1);
  });

  test('during a poll closes the connection to the API', async () => {
    await using api = await startApi(({ method }, outgoing) => {
      if (method === 'POST') sendJson(outgoing, { id: 'resp_raw', status: 'queued' });
    });
    await using site = await startSite(api);
    const { id } = await readResponse(await site.create({ ...streamed, stream: false }));
    const leave = new AbortController();
    const poll = site.ask(`/responses/${id}`, { signal: leave.signal }).catch(() => undefined);
    await until(() => api.requests.length === 2);
    leave.abort();
    await poll;
    expect(await isGone(api.requests[1])).toBe(true);
  });

  test('before a foreground create is answered closes the connection to the API', async () => {
    await using api = await startApi(() => undefined);
    await using site = await startSite(api);
    const leave = new AbortController();
    const create = site.create({ model: 'm', input: 'Hi' }, { signal: leave.signal }).catch(() => undefined);
    await until(() => api.requests.length === 1);
    leave.abort();
    await create;
    expect(await isGone(api.requests[0])).toBe(true);
  });

  test('before a background create is answered does not close the connection, because the job’s id would be lost', async () => {
    let answer: () => void = () => undefined;
    await using api = await startApi(async (_request, outgoing) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      sendJson(outgoing, { id: 'resp_raw', status: 'queued' });
    });
    const clients: AbortSignal[] = [];
    const authorize = (request: Request): string => {
      clients.push(request.signal);
      return 'ann';
    };
    await using site = await startSite({ ...api, authorize });
    const keyed = { headers: { 'idempotency-key': 'k' } };
    const leave = new AbortController();
    const body = { ...streamed, stream: false };
    const create = site.create(body, { ...keyed, signal: leave.signal }).catch(() => undefined);
    await until(() => api.requests.length === 1);
    leave.abort();
    await create;
    await until(() => clients[0]?.aborted === true);
    answer();
    const repeated = await site.create(body, keyed);
    expect((await readResponse(repeated)).status).toBe('queued');
    expect(api.requests).toHaveLength(1);
  });

  test('before a stream begins closes the connection when the id is known, even if the host stops reading', async () => {
    const leave = new AbortController();
    let upstream: AbortSignal | null | undefined;
    const proxy = createProxy({
      apiKey,
      secret,
      authorize: () => 'ann',
      allow: { models: ['m'] },
      fetch: async (_url, init) => {
        upstream = init.signal;
        leave.abort();
        expect(upstream?.aborted).toBe(false);
        return new Response(snapshot('response.created', 0, 'queued'), {
          headers: { 'content-type': 'text/event-stream' },
        });
      },
    });
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(streamed), signal: leave.signal };
    await proxy(new Request('http://site.test/responses', init));
    expect(upstream?.aborted).toBe(true);
  });

  test('after sending a cancel does not stop the cancel', async () => {
    const clients: AbortSignal[] = [];
    let obeyed = false;
    await using api = await startApi(async ({ target, gone }, outgoing) => {
      if (!target.endsWith('/cancel')) return sendJson(outgoing, { id: 'resp_raw', status: 'queued' });
      await until(() => clients[1]?.aborted === true);
      // A proxy that closes this connection when its client disconnects has closed it by now.
      await new Promise((resolve) => setImmediate(resolve));
      obeyed = !gone.aborted;
      sendJson(outgoing, { id: 'resp_raw', status: 'cancelled' });
    });
    const authorize = (request: Request): string => {
      clients.push(request.signal);
      return 'ann';
    };
    await using site = await startSite({ ...api, authorize, limits: { concurrentResponses: 1 } });
    const body = { ...streamed, stream: false };
    const { id } = await readResponse(await site.create(body));
    const leave = new AbortController();
    const cancel = site
      .ask(`/responses/${id}/cancel`, { method: 'POST', signal: leave.signal })
      .catch(() => undefined);
    await until(() => api.requests.length === 2);
    leave.abort();
    await cancel;
    // The response's place is released when the proxy receives the answer to the cancel.
    await until(async () => (await site.create(body)).status === 200);
    expect(obeyed).toBe(true);
  });
});
