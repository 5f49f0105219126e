import { createRunner, defineAgent, fetchClient, tool, type RunView } from '@longhaul/core';
import { createEmulator } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readError, readNoAnswer, readResponse } from './read-json.ts';
import { type ScriptedApi, sendJson, startApi } from './scripted-api.ts';
import { apiKey, startSite } from './site.ts';

const background = { model: 'm', input: 'Hi', background: true };
const page = '<!doctype html><title>404 of gateway.test</title>';
const envelope = { error: { message: 'No.', type: 'invalid_request_error', param: null, code: null } };

/** Answers creates with a response, and all other requests with `status` and `body`. */
function answering(status: number, body: object | string, type?: string): Promise<ScriptedApi> {
  return startApi(({ target, method }, outgoing) => {
    if (method === 'POST' && target === '/v1/responses')
      return sendJson(outgoing, { id: 'resp_raw', status: 'queued' });
    respond(outgoing, status, body, type);
  });
}

function respond(
  outgoing: Parameters<Parameters<typeof startApi>[0]>[1],
  status: number,
  body: object | string,
  type = typeof body === 'string' ? 'text/html' : 'application/json',
): void {
  outgoing.writeHead(status, { 'content-type': type });
  outgoing.end(typeof body === 'string' ? body : JSON.stringify(body));
}

describe('a poll or cancel that another server answered gets a 502 without an `error` object (logfire-js 291)', () => {
  test.each<[number, object | string]>([
    [400, page],
    [404, page],
    [404, { message: 'no Route matched with those values' }],
    [404, { detail: 'Not Found' }],
    [404, { error: 'model not found' }],
    [404, { error: {} }],
    [404, { error: { code: 404, message: 'no method', status: 'NOT_FOUND' } }],
    [400, { error: ['bad'] }],
    [405, ''],
    [408, ''],
    [410, page],
    [200, page],
    [200, {}],
    [200, { object: 'list' }],
    [200, { id: 'a1b2', status: 'ok' }],
    [200, { id: 'req_1', message: 'no healthy upstream' }],
    [200, '[]'],
    [204, ''],
    [302, ''],
    [401, page],
    [403, page],
    [403, envelope],
    [500, page],
    [502, page],
    [503, { message: 'no healthy upstream' }],
    [504, page],
    [520, 'error code: 520'],
  ])('%i with %j', async (status, body) => {
    await using api = await answering(status, body);
    await using site = await startSite(api);
    const { id } = await readResponse(await site.create(background));
    for (const [path, method] of [
      [`/responses/${id}`, 'GET'],
      [`/responses/${id}/cancel`, 'POST'],
    ] as const) {
      const answer = await site.ask(path, { method });
      expect(answer.status).toBe(502);
      expect((await readNoAnswer(answer)).message).not.toMatch(/gateway|doctype/);
    }
  });

  test('429 stays 429, with its retry delay', async () => {
    await using api = await startApi(({ method }, outgoing) =>
      method === 'POST'
        ? sendJson(outgoing, { id: 'resp_raw', status: 'queued' })
        : sendJson(outgoing, { message: 'slow' }, 429, { 'retry-after': '7' }),
    );
    await using site = await startSite(api);
    const { id } = await readResponse(await site.create(background));
    const answer = await site.ask(`/responses/${id}`);
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(await readNoAnswer(answer)).toMatchObject({ message: 'slow' });
  });
});

describe('forwards the API’s own error in its envelope, with its status', () => {
  test.each([400, 404, 409, 422, 429, 500, 503])('%i', async (status) => {
    await using api = await answering(status, envelope);
    await using site = await startSite(api);
    const { id } = await readResponse(await site.create(background));
    const answer = await site.ask(`/responses/${id}`);
    expect(answer.status).toBe(status);
    await readError(answer);
  });

  test('even with status 200 (rocketmq-dashboard 2178)', async () => {
    const error = {
      message: 'You have no quota.',
      type: 'insufficient_quota',
      param: null,
      code: 'insufficient_quota',
    };
    await using api = await startApi((_request, outgoing) => sendJson(outgoing, { error }));
    await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
    for (let attempt = 0; attempt < 3; attempt += 1)
      expect(await readError(await site.create(background))).toEqual(error);
  });
});

describe('a create that another server answered', () => {
  const continuing = { ...background, input: [{ type: 'function_call_output', call_id: 'c', output: 'x' }] };

  test.each<[number, object | string, number, string?]>([
    [503, page, 503],
    [503, { message: 'x' }, 503],
    [404, page, 503],
    [400, page, 503],
    [403, page, 503],
    [404, 'default backend - 404', 503, 'text/plain'],
    [421, '', 503],
    [200, page, 503],
    [200, page, 503, 'Text/HTML; charset=utf-8'],
    [408, page, 502],
    [408, { message: 'x' }, 502],
    [500, page, 502],
    [502, page, 502],
    [504, page, 502],
    [524, page, 502],
    [200, {}, 502],
    [200, 'OK', 502, 'text/plain'],
    [202, '', 502],
    [303, '', 502],
  ])('%i with %j: %i states whether it was forwarded (crater 270)', async (status, body, expected, type) => {
    await using api = await startApi((_request, outgoing) => respond(outgoing, status, body, type));
    await using site = await startSite(api);
    const later = await site.create(continuing);
    expect(later.status).toBe(expected);
    const { code } = await readNoAnswer(later);
    expect(code === 'unknown_outcome').toBe(expected === 502);
    // A run has no progress before its first create. So if that create was certainly not forwarded, the failure is
    // final, except after a 503.
    const first = await site.create(background);
    const isFinal = expected === 503 && status !== 503;
    expect(first.status).toBe(isFinal ? (status === 200 ? 404 : status) : expected);
    if (!isFinal) return void (await readNoAnswer(first));
    const error = await readError(first);
    expect(error).toMatchObject({ type: 'invalid_request_error', code: null });
    expect(error.message).toContain(`HTTP ${status}`);
    if (body === page) expect(error.message).toContain('404 of gateway.test');
  });

  const key = `because of ${apiKey}`;
  test.each<[number, object]>([
    [400, { error: key }],
    [404, { error: `model not found ${key}` }],
    [422, { detail: key }],
    [422, { detail: [{ loc: ['body'], msg: key, type: 'value_error' }] }],
    [400, { detail: { message: key } }],
    [404, { message: key }],
    [400, { code: 7, message: key }],
  ])(
    '%i with %j refuses the first create, with its text (arboris-novel 23, Ollama)',
    async (status, body) => {
      await using api = await startApi((_request, outgoing) => sendJson(outgoing, body, status));
      await using site = await startSite(api);
      const first = await site.create(background);
      expect(first.status).toBe(status);
      const error = await readError(first);
      expect(error).toMatchObject({ type: 'invalid_request_error', code: null });
      expect(error.message).toContain('because of [removed]');
      // A final error would lose the progress of the run.
      const later = await site.create(continuing);
      expect(later.status).toBe(503);
      expect((await readNoAnswer(later)).message).toContain('because of [removed]');
    },
  );

  test.each([413, 414, 415, 431])(
    '%i is final, because the same request would be refused again',
    async (status) => {
      await using api = await startApi((_request, outgoing) => respond(outgoing, status, page));
      await using site = await startSite(api);
      for (const create of [background, continuing]) {
        const answer = await site.create(create);
        expect(answer.status).toBe(status);
        await readError(answer);
      }
    },
  );

  test('429 stays 429, with its retry delay', async () => {
    await using api = await startApi((_request, outgoing) =>
      sendJson(outgoing, { message: 'slow' }, 429, { 'retry-after': '7' }),
    );
    await using site = await startSite(api);
    const answer = await site.create(background);
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(await readError(answer)).toMatchObject({ message: 'slow', code: 'rate_limit_exceeded' });
  });
});

const refusals: readonly (readonly [number, RegExp])[] = [
  [401, /refused the key of the server/],
  [403, /refused the key of the server/],
  [302, /redirects \(HTTP 302\)/],
  [308, /redirects \(HTTP 308\)/],
];

test.each(refusals)(
  '%i from a server before the API ends a run immediately at its first create, with the reason',
  async (status, reason) => {
    let broken = false;
    const emulator = createEmulator({ script: () => ({ text: 'Hello.' }), apiKey, queuedMs: 0, runMs: 10 });
    await using real = await serveEmulator(emulator);
    const body = status < 400 ? '' : envelope;
    await using api = await startApi((_request, outgoing) => respond(outgoing, status, body));
    await using good = await startSite({ baseURL: real.url });
    await using bad = await startSite(api);
    const client = fetchClient({
      baseURL: good.url,
      headers: { 'x-user': 'ann' },
      fetch: (url, init) => fetch(broken ? url.replace(good.url, bad.url) : url, init),
    });
    const runner = createRunner({ client, mode: 'poll', polling: { minMs: 5, maxMs: 20 } });
    const agent = defineAgent({ name: 'greeter', model: 'm' });
    const before = runner.start(agent, 'Hi');
    await before.result();
    broken = true;
    for (const options of [{}, { continueFrom: before.id }]) {
      const error: unknown = await runner
        .start(agent, 'Hi', options)
        .result()
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'RunFailedError', message: expect.stringMatching(reason) });
      expect(String(error)).not.toContain(apiKey);
    }
    expect(api.requests).toHaveLength(2);
    await runner.close();
  },
);

test('a run completes if a gateway answers four of its polls (logfire-js 291)', async () => {
  const emulator = createEmulator({ script: () => ({ text: 'Hello.' }), apiKey, queuedMs: 0, runMs: 200 });
  await using real = await serveEmulator(emulator);
  const answers: readonly (readonly [number, object | string])[] = [
    [404, page],
    [400, page],
    [404, { message: 'no Route matched' }],
    [200, page],
  ];
  let asked = 0;
  const through = async (url: string, init: RequestInit): Promise<Response> => {
    const [status, body] = (init.method === 'GET' ? answers[asked] : undefined) ?? [];
    if (status === undefined || body === undefined) return fetch(url, init);
    asked += 1;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return new Response(text, { status, headers: { 'content-type': 'text/html' } });
  };
  await using site = await startSite({ baseURL: real.url, fetch: through });
  const client = fetchClient({ baseURL: site.url, headers: { 'x-user': 'ann' } });
  const runner = createRunner({ client, mode: 'poll', polling: { minMs: 5, maxMs: 20 } });
  const { text, view }: { text: string; view: RunView } = await runner
    .start(defineAgent({ name: 'a', model: 'm' }), 'Hi')
    .result();
  expect(text).toBe('Hello.');
  expect(view.iterations).toHaveLength(1);
  expect(emulator.generations).toBe(1);
  expect(asked).toBe(answers.length);
  await runner.close();
});

describe('a run through the proxy, if a gateway answers one create with a web page', () => {
  const echo = tool({
    name: 'echo',
    description: 'Echoes.',
    parameters: z.object({}),
    execute: async () => 'echo',
  });
  const agent = defineAgent({ name: 'a', model: 'm', tools: [echo] });

  async function trial(iteration: number) {
    const emulator = createEmulator({
      script: [{ calls: [{ name: 'echo', arguments: {} }] }, { text: 'Hello.' }],
      apiKey,
      queuedMs: 0,
      runMs: 20,
    });
    const real = await serveEmulator(emulator);
    let creates = 0;
    let pages = 0;
    const through = async (url: string, init: RequestInit): Promise<Response> => {
      const isCreate = init.method === 'POST' && !url.includes('/cancel');
      if (!isCreate || creates < iteration || pages === 1) {
        creates += isCreate ? 1 : 0;
        return fetch(url, init);
      }
      pages += 1;
      return new Response(page, { status: 404, headers: { 'content-type': 'text/html' } });
    };
    const site = await startSite({ baseURL: real.url, fetch: through });
    const runner = createRunner({
      client: fetchClient({ baseURL: site.url, headers: { 'x-user': 'ann' } }),
      mode: 'poll',
      polling: { minMs: 5, maxMs: 20 },
    });
    return {
      run: runner.start(agent, 'Hi'),
      emulator,
      async [Symbol.asyncDispose]() {
        await runner.close();
        await site[Symbol.asyncDispose]();
        await real[Symbol.asyncDispose]();
      },
    };
  }

  test('the first create fails, and its error has the status and the title of the page', async () => {
    await using s = await trial(0);
    await expect(s.run.result()).rejects.toMatchObject({
      view: { error: { status: 404, message: expect.stringContaining('404 of gateway.test') } },
    });
    expect(s.emulator.generations).toBe(0);
  });

  test('a later create is sent again', async () => {
    await using s = await trial(1);
    expect(await s.run.result()).toMatchObject({ text: 'Hello.' });
    expect(s.emulator.generations).toBe(2);
  });
});
