import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createRunner, defineAgent, fetchClient } from '@longhaul/core';
import { createProxy } from '@longhaul/core/server';
import OpenAI from 'openai';
import { describe, expect, test, vi } from 'vitest';
import { readError, readNoAnswer, readResponse } from './read-json.ts';
import { frame, type ApiRequest, sendJson, snapshot, startApi, startEvents } from './scripted-api.ts';
import { apiKey, secret, startSite } from './site.ts';
import { until } from './until.ts';
import { untilTestEnds } from '../../packages/core/test-support/patience.ts';

const streamed = { model: 'm', input: 'Hi', background: true, stream: true };

function delta(text: string, sequence_number: number): string {
  return frame({ type: 'response.output_text.delta', sequence_number, delta: text } as { type: string });
}

/** Reads an answer's body bit by bit, and keeps what came. */
class BodyReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  text = '';

  constructor(answer: Response) {
    if (answer.body === null) throw new Error('The answer has no body.');
    this.#reader = answer.body.getReader();
  }

  /** Everything so far, as soon as `text` is among it, or at the end. */
  async until(text: string): Promise<string> {
    for (;;) {
      if (this.text.includes(text)) return this.text;
      const { done, value } = await this.#reader.read();
      if (done) return this.text;
      this.text += this.#decoder.decode(value, { stream: true });
    }
  }
}

test('each event reaches the client before the API sends the next one', async () => {
  const steps: (() => void)[] = [];
  await using api = await startApi(async (_request, outgoing) => {
    startEvents(outgoing);
    outgoing.write(snapshot('response.created', 0, 'queued'));
    for (const [index, text] of ['one', 'two', 'three'].entries()) {
      await new Promise<void>((resolve) => steps.push(resolve));
      outgoing.write(delta(text, index + 1));
    }
    outgoing.end(snapshot('response.completed', 4, 'completed'));
  });
  await using site = await startSite(api);
  const reader = new BodyReader(await site.create(streamed));
  expect(await reader.until('response.created')).toContain('response.created');
  for (const text of ['one', 'two', 'three']) {
    // The API goes on only now that the client has what came before.
    await until(() => steps.length > 0);
    steps.shift()?.();
    expect(await reader.until(text)).toContain(text);
  }
  expect(await reader.until('response.completed')).toContain('response.completed');
});

test('a frame cut anywhere, also within an id or a character, comes through whole', async () => {
  const text =
    snapshot('response.created', 0, 'queued') +
    delta('grün', 1) +
    snapshot('response.completed', 2, 'completed');
  await using api = await startApi(async (_request, outgoing) => {
    startEvents(outgoing);
    for (const byte of new TextEncoder().encode(text)) {
      // Each in a packet of its own.
      await new Promise<void>((resolve) => outgoing.write(Uint8Array.of(byte), () => resolve()));
    }
    outgoing.end();
  });
  await using site = await startSite(api);
  const read = await (await site.create(streamed)).text();
  expect(read.match(/^event: .*$/gm)).toEqual([
    'event: response.created',
    'event: response.output_text.delta',
    'event: response.completed',
  ]);
  expect(read).toContain('"delta":"grün"');
  expect(read).not.toContain('resp_raw');
});

test('comments keep the connection alive, without their text; [DONE] passes; what is no event does not', async () => {
  await using api = await startApi((_request, outgoing) => {
    startEvents(outgoing);
    outgoing.end(
      `: gateway-7 keep-alive\n\n${snapshot('response.created', 0, 'queued')}data: <html>upstream gateway.internal</html>\n\n` +
        `data: {"cut":\n\n${snapshot('response.completed', 1, 'completed')}data: [DONE]\n\n`,
    );
  });
  await using site = await startSite(api);
  const read = await (await site.create(streamed)).text();
  expect(read).toMatch(/^:\n\n/);
  expect(read).toMatch(/data: \[DONE\]\n\n$/);
  expect(read).not.toMatch(/gateway|cut/);
});

test('a stream that breaks off ends at the client after what came before, and the operator is told', async () => {
  await using api = await startApi((_request, outgoing) => {
    startEvents(outgoing);
    outgoing.write(snapshot('response.created', 0, 'queued') + delta('some', 1), () => outgoing.destroy());
  });
  await using site = await startSite(api);
  const read = await (await site.create(streamed)).text();
  expect(read).toContain('some');
  expect(read).toMatch(/\n\n$/);
  expect(site.errors).toHaveLength(1);
});

test('a slow client slows the API down: the proxy does not fill its memory', async () => {
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
  // Nothing is read from here on. Buffers fill (kernel, Node); then the API has to wait.
  let before = -1;
  await vi.waitUntil(
    () => {
      const stands = written === before;
      before = written;
      return stands;
    },
    { interval: 300, timeout: untilTestEnds },
  );
  expect(stopped).toBe(false);
  expect(written * piece.length).toBeLessThan(64 * 2 ** 20);
  client.destroy();
  await until(() => stopped);
});

describe('a client that leaves', () => {
  async function isGone(request: ApiRequest | undefined): Promise<boolean> {
    return until(() => request?.gone.aborted === true);
  }

  test('drops the connection to the API, and does not cancel the job', async () => {
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

  test('in the middle of a poll drops it', async () => {
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

  test('before a foreground create is answered cancels it, as it would at the API', async () => {
    await using api = await startApi(() => undefined);
    await using site = await startSite(api);
    const leave = new AbortController();
    const create = site.create({ model: 'm', input: 'Hi' }, { signal: leave.signal }).catch(() => undefined);
    await until(() => api.requests.length === 1);
    leave.abort();
    await create;
    expect(await isGone(api.requests[0])).toBe(true);
  });

  test('before a background create is answered does not drop it: the job would run on, and nobody would know its id', async () => {
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

  test('before a stream began drops it as soon as the id is known, also where the host reads no more', async () => {
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

  test('after asking for a cancel is obeyed all the same', async () => {
    const clients: AbortSignal[] = [];
    let obeyed = false;
    await using api = await startApi(async ({ target, gone }, outgoing) => {
      if (!target.endsWith('/cancel')) return sendJson(outgoing, { id: 'resp_raw', status: 'queued' });
      await until(() => clients[1]?.aborted === true);
      // Had the proxy left with its client, it would have by now.
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
    // Its place comes free when the answer to the cancel is seen.
    await until(async () => (await site.create(body)).status === 200);
    expect(obeyed).toBe(true);
  });
});

describe('what the API sends is bounded (attack: an answer that unpacks to a gigabyte)', () => {
  const text = JSON.stringify({ id: 'resp_raw', status: 'queued', instructions: 'x'.repeat(40 * 2 ** 20) });
  const bomb = gzipSync(text);

  test('a poll', async () => {
    await using api = await startApi(({ method }, outgoing) => {
      if (method === 'POST') return sendJson(outgoing, { id: 'resp_raw', status: 'queued' });
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      outgoing.end(bomb);
    });
    await using site = await startSite(api);
    const { id } = await readResponse(await site.create({ ...streamed, stream: false }));
    expect((await site.ask(`/responses/${id}`)).status).toBe(502);
  });

  test('a stream whose event does not end', async () => {
    let sent = 0;
    await using api = await startApi(async ({ gone }, outgoing) => {
      startEvents(outgoing);
      outgoing.write(snapshot('response.created', 0, 'queued'));
      const lines = 'data:a\n'.repeat(10_000);
      while (!gone.aborted && sent < 500) {
        sent += 1;
        if (!outgoing.write(lines)) await Promise.race([once(outgoing, 'drain'), once(gone, 'abort')]);
      }
      outgoing.end();
    });
    await using site = await startSite(api);
    const read = await (await site.create(streamed)).text();
    expect(read).toMatch(/^event: response\.created\n[^]*\n\n$/);
    expect(read.length).toBeLessThan(1_000);
    await until(() => site.errors.length === 1);
    expect(sent).toBeLessThan(500);
  });
});

test('a stream that never names its response is not kept waiting for it (attack: events without a response)', async () => {
  await using api = await startApi(async ({ gone }, outgoing) => {
    startEvents(outgoing);
    const piece = delta('x'.repeat(64 * 1024), 1);
    while (!gone.aborted) {
      if (!outgoing.write(piece)) await Promise.race([once(outgoing, 'drain'), once(gone, 'abort')]);
    }
  });
  await using site = await startSite(api);
  for (const background of [true, false]) {
    const answer = await site.create({ ...streamed, background });
    expect(answer.status).toBe(200);
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await reader?.cancel();
  }
});

test('an event whose type stands in its frame alone is an error all the same', async () => {
  await using api = await startApi((_request, outgoing) => {
    startEvents(outgoing);
    const data = JSON.stringify({ code: 'x', message: `refused ${apiKey}`, trace: 'at handler' });
    outgoing.end(`${snapshot('response.created', 0, 'queued')}event: error\ndata: ${data}\n\n`);
  });
  await using site = await startSite(api);
  const text = await (await site.create(streamed)).text();
  expect(text).toContain('event: error\ndata: {"code":"x","message":"refused [removed]"}');
});

describe('what a body is says the body, not its media type, as for the client (sap-ai-core-llm-proxy 35):', () => {
  const types = [
    'Text/Event-Stream',
    'text/plain',
    'application/octet-stream',
    'application/json',
    'text/html',
    '',
  ];
  const answering = (type: string, body: string) =>
    startApi((_request, outgoing) => {
      outgoing.writeHead(200, type === '' ? {} : { 'content-type': type });
      outgoing.end(body);
    });
  const events = snapshot('response.created', 0, 'queued') + snapshot('response.completed', 1, 'completed');
  const html = '<!doctype html><title>Sign in</title>';

  describe.each(types)('%j', (type) => {
    test.each([true, false])('events, where a stream is asked for: %s', async (stream) => {
      await using api = await answering(type, events);
      await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
      for (const background of [true, false]) {
        const answer = await site.create({ ...streamed, background, stream });
        expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
        expect(await answer.text()).toMatch(
          /^event: response\.created\n[^]*"id":"resp_AQ[^]*response\.completed/,
        );
      }
    });

    test.each([true, false])('a response, where a stream is asked for: %s', async (stream) => {
      await using api = await answering(
        type,
        '\uFEFF\n {"id":"resp_raw","object":"response","status":"queued"}',
      );
      await using site = await startSite(api);
      const answer = await site.create({ ...streamed, stream });
      expect(await readResponse(answer)).toMatchObject({ status: 'queued' });
    });

    test('an envelope', async () => {
      await using api = await answering(
        type,
        '{"error":{"message":"No.","type":"x","param":null,"code":null}}',
      );
      await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
      for (let attempt = 0; attempt < 2; attempt += 1)
        expect((await readError(await site.create(streamed))).message).toBe('No.');
    });

    test('a page: it was not forwarded', async () => {
      await using api = await answering(type, html);
      await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
      const continued = { ...streamed, input: [{ type: 'function_call_output', call_id: 'c', output: 'x' }] };
      for (let attempt = 0; attempt < 2; attempt += 1)
        expect((await site.create(continued)).status).toBe(503);
    });

    test('nothing: the outcome is not known', async () => {
      await using api = await answering(type, '');
      await using site = await startSite(api);
      const continued = { ...streamed, input: [{ type: 'function_call_output', call_id: 'c', output: 'x' }] };
      const { code } = await readNoAnswer(await site.create(continued));
      expect(code).toBe(type === 'text/html' ? 'not_forwarded' : 'unknown_outcome');
    });
  });

  test('a poll that is answered by events is asked again', async () => {
    await using api = await startApi(({ method }, outgoing) => {
      if (method === 'POST') return sendJson(outgoing, { id: 'resp_raw', status: 'queued' });
      startEvents(outgoing);
      outgoing.write(events);
    });
    await using site = await startSite(api);
    const { id } = await readResponse(await site.create({ ...streamed, stream: false }));
    expect((await site.ask(`/responses/${id}`)).status).toBe(502);
  });

  test('a stream that is announced is not waited for', async () => {
    await using api = await startApi(({ method }, outgoing) => {
      if (method === 'POST') return sendJson(outgoing, { id: 'resp_raw', status: 'queued' });
      startEvents(outgoing);
    });
    await using site = await startSite(api);
    const { id } = await readResponse(await site.create({ ...streamed, stream: false }));
    const answer = await site.ask(`/responses/${id}?stream=true`);
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  });

  test('one that breaks before it tells what it is leaves the outcome open', async () => {
    await using api = await startApi((_request, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/plain' });
      outgoing.write('da', () => outgoing.destroy());
    });
    await using site = await startSite(api);
    const answer = await site.create(streamed);
    expect(answer.status).toBe(502);
    expect((await readNoAnswer(answer)).code).toBe('unknown_outcome');
  });
});

describe('an error in another form is one that clients understand, and gives the place back (OpenRouter, gateways)', () => {
  const refusal = { message: `You have no quota: ${apiKey}`, type: 'insufficient_quota', code: 'no_quota' };
  const cleaned = { message: 'You have no quota: [removed]', type: 'insufficient_quota', code: 'no_quota' };
  const said = { message: cleaned.message };

  test.each<[string, string, object]>([
    ['an envelope without type', `data: ${JSON.stringify({ error: refusal })}\n\n`, cleaned],
    [
      'the same with the name of all events',
      `event: message\ndata: ${JSON.stringify({ error: refusal })}\n\n`,
      cleaned,
    ],
    ['a text in place of the error', `data: ${JSON.stringify({ error: refusal.message })}\n\n`, said],
    ['a message', `data: ${JSON.stringify({ message: refusal.message })}\n\n`, said],
    [
      'a message after a comment, and the end that some servers write',
      `: x\n\ndata: ${JSON.stringify({ detail: refusal.message })}\n\ndata: [DONE]\n\n`,
      said,
    ],
    ['a mere text', `event: error\ndata: ${refusal.message}\n\n`, said],
    [
      "an object that is an error by its word, as vLLM's and SGLang's",
      `data: ${JSON.stringify({ object: 'error', ...refusal })}\n\n`,
      cleaned,
    ],
    ['one whose own type is another', `event: error\ndata: ${JSON.stringify(refusal)}\n\n`, cleaned],
    [
      'one by another name',
      `data: ${JSON.stringify({ type: 'response.error', error: refusal })}\n\n`,
      cleaned,
    ],
  ])('%s', async (_, sent, error) => {
    await using api = await startApi((_request, outgoing) => {
      startEvents(outgoing);
      outgoing.end(sent);
    });
    await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
    for (const background of [true, false]) {
      const text = await (await site.create({ ...streamed, background })).text();
      const [, data] = /^event: error\ndata: (.*)$/m.exec(text) ?? [];
      expect(JSON.parse(data ?? 'null')).toEqual({ type: 'error', error });
    }
    const client = new OpenAI({ baseURL: site.url, apiKey: 'x', defaultHeaders: { 'x-user': 'ann' } });
    const events = await client.responses.create({ model: 'm', input: 'Hi', stream: true });
    const seen: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const event of events) seen.push(event);
    };
    await expect(read()).rejects.toThrow('You have no quota: [removed]');
    const ownClient = fetchClient({ baseURL: site.url, headers: { 'x-user': 'ann' } });
    const run = createRunner({ client: ownClient }).start(defineAgent({ name: 'a', model: 'm' }), 'Hi');
    await expect(run.result()).rejects.toThrow('You have no quota: [removed]');
  });

  test('in the middle of a stream', async () => {
    await using api = await startApi((_request, outgoing) => {
      startEvents(outgoing);
      outgoing.end(
        `${snapshot('response.created', 0, 'queued')}data: ${JSON.stringify({ error: refusal })}\n\n`,
      );
    });
    await using site = await startSite(api);
    const text = await (await site.create(streamed)).text();
    expect(text).toContain(`event: error\ndata: ${JSON.stringify({ type: 'error', error: cleaned })}`);
  });

  test('a message before the response is none', async () => {
    await using api = await startApi((_request, outgoing) => {
      startEvents(outgoing);
      outgoing.end(
        `data: {"message":"queued"}\n\n${snapshot('response.created', 0, 'queued')}${snapshot('response.completed', 1, 'completed')}`,
      );
    });
    await using site = await startSite(api);
    const text = await (await site.create(streamed)).text();
    expect(text).toMatch(/^event: response\.created\n[^]*response\.completed/);
    expect(text).not.toContain('"message"');
  });
});

test('a snapshot that is an event by itself is named, counted and shown like others', async () => {
  const bare = (status: string): string =>
    `data: ${JSON.stringify({ id: 'resp_raw', object: 'response', status, output: [{ type: 'message', id: 'msg_raw' }] })}\n\n`;
  await using api = await startApi((_request, outgoing) => {
    startEvents(outgoing);
    outgoing.end(bare('in_progress') + bare('completed'));
  });
  await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const text = await (await site.create(streamed)).text();
    expect(text.match(/"id":"resp_AQ/g)).toHaveLength(2);
    expect(text).not.toMatch(/(?:resp|msg)_raw/);
  }
});
