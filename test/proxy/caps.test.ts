import { createEmulator, manualClock } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import { expect, test } from 'vitest';
import { readError, readResponse } from './read-json.ts';
import { frame, sendJson, snapshot, startApi, startEvents } from './scripted-api.ts';
import { startSite } from './site.ts';
import { until } from './until.ts';

const background = { model: 'm', input: 'Hi', background: true };

test('requests of all kinds count per visitor, including refused ones', async () => {
  await using api = await startApi((_request, outgoing) =>
    sendJson(outgoing, { id: 'resp_raw', status: 'completed' }),
  );
  await using site = await startSite({ ...api, limits: { requestsPerMinute: 4 } });
  const { id } = await readResponse(await site.create(background));
  await site.ask(`/responses/${id}`);
  await site.ask(`/responses/${id}/cancel`, { method: 'POST' });
  expect((await site.create({ model: 'other' })).status).toBe(400);
  const refused = await site.ask(`/responses/${id}`);
  expect(refused.status).toBe(429);
  expect(await readError(refused)).toMatchObject({ code: 'rate_limit_exceeded', type: 'requests' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(api.requests).toHaveLength(3);
  expect((await site.create(background, { user: 'bob' })).status).toBe(200);
});

test('a background response counts until the proxy has seen its end', async () => {
  const emulator = createEmulator({ script: () => ({ text: 'Hello.' }), queuedMs: 0, runMs: 0 });
  emulator.holdQueue();
  await using api = await serveEmulator(emulator);
  await using site = await startSite({ baseURL: api.url, limits: { concurrentResponses: 2 } });
  const first = await readResponse(await site.create(background));
  const second = await readResponse(await site.create(background));
  const refused = await site.create(background);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('5');
  expect((await site.create(background, { user: 'bob' })).status).toBe(200);

  expect((await readResponse(await site.ask(`/responses/${first.id}`))).status).toBe('queued');
  expect((await site.create(background)).status).toBe(429);

  expect(
    (await readResponse(await site.ask(`/responses/${second.id}/cancel`, { method: 'POST' }))).status,
  ).toBe('cancelled');
  const third = await site.create(background);
  expect(third.status).toBe(200);

  emulator.releaseQueue();
  await until(
    async () => (await readResponse(await site.ask(`/responses/${first.id}`))).status === 'completed',
  );
  expect((await site.create(background)).status).toBe(200);
});

test('a stream that reaches its end releases its place', async () => {
  const emulator = createEmulator({ script: () => ({ text: 'Hello.' }), queuedMs: 0, runMs: 0 });
  await using api = await serveEmulator(emulator);
  await using site = await startSite({ baseURL: api.url, limits: { concurrentResponses: 1 } });
  for (let run = 0; run < 3; run += 1) {
    const answer = await site.create({ ...background, stream: true });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('response.completed');
  }
});

test('a disconnected client’s job keeps its place', async () => {
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
  await using site = await startSite({ ...api, authorize, limits: { concurrentResponses: 1 } });
  const leave = new AbortController();
  const gone = site.create(background, { signal: leave.signal }).catch(() => undefined);
  await until(() => api.requests.length === 1);
  leave.abort();
  await gone;
  await until(() => clients[0]?.aborted === true);
  answer();
  expect((await site.create(background)).status).toBe(429);
});

test('a job that may run keeps its place, even if the connection to the API breaks', async () => {
  await using api = await startApi((_request, outgoing) => void outgoing.destroy());
  await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
  expect((await site.create(background)).status).toBe(502);
  expect((await site.create(background)).status).toBe(429);
});

test('a refused create and a finished foreground response hold no place', async () => {
  let status = 400;
  await using api = await startApi(({ body }, outgoing) => {
    if (body.includes('"stream":true')) {
      startEvents(outgoing);
      return void outgoing.end(
        snapshot('response.created', 0, 'in_progress') + snapshot('response.completed', 1, 'completed'),
      );
    }
    if (status === 400)
      return sendJson(
        outgoing,
        { error: { message: 'No.', type: 'invalid_request_error', param: null, code: null } },
        400,
      );
    sendJson(outgoing, { id: 'resp_raw', status: 'completed' });
  });
  await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
  for (let attempt = 0; attempt < 3; attempt += 1) expect((await site.create(background)).status).toBe(400);
  status = 200;
  for (let attempt = 0; attempt < 3; attempt += 1)
    expect((await site.create({ model: 'm', input: 'Hi' })).status).toBe(200);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const streamed = await site.create({ model: 'm', input: 'Hi', stream: true });
    expect(streamed.status).toBe(200);
    await streamed.text();
  }
});

test('a foreground stream releases its place when the client disconnects, because its job ends with the connection', async () => {
  await using api = await startApi((_request, outgoing) => {
    startEvents(outgoing);
    outgoing.write(snapshot('response.created', 0, 'in_progress'));
  });
  await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
  const stream = { model: 'm', input: 'Hi', stream: true };
  const leave = new AbortController();
  const first = await site.create(stream, { signal: leave.signal });
  await first.body?.getReader().read();
  expect((await site.create(stream)).status).toBe(429);
  leave.abort();
  const second = await until(async () => {
    const answer = await site.create(stream);
    return answer.status === 200 && answer;
  });
  await second.body?.cancel();
  expect(api.requests).toHaveLength(2);
});

function notFound(outgoing: Parameters<typeof sendJson>[0]): void {
  const message = "Response with id 'resp_raw' not found.";
  sendJson(outgoing, { error: { message, type: 'invalid_request_error', param: null, code: null } }, 404);
}

const minutes = 60_000;

test('a response that is not found ten minutes after its create holds no place', async () => {
  const clock = manualClock();
  await using api = await startApi(({ method }, outgoing) =>
    method === 'POST' ? sendJson(outgoing, { id: 'resp_raw', status: 'queued' }) : notFound(outgoing),
  );
  await using site = await startSite({ ...api, clock, limits: { concurrentResponses: 1 } });
  const { id } = await readResponse(await site.create(background));
  await clock.advance(10 * minutes);
  expect((await site.create(background)).status).toBe(429);
  expect((await site.ask(`/responses/${id}`)).status).toBe(404);
  expect((await site.create(background)).status).toBe(200);
});

test('a response that is not found yet keeps its place (attack: a poll directly after the create)', async () => {
  const clock = manualClock();
  let isThere = false;
  let jobs = 0;
  await using api = await startApi(({ method, target }, outgoing) => {
    if (method === 'POST') return sendJson(outgoing, { id: `resp_${(jobs += 1)}`, status: 'queued' });
    if (!isThere) return notFound(outgoing);
    sendJson(outgoing, { id: target.split('/').at(-1), status: 'in_progress' });
  });
  await using site = await startSite({ ...api, clock, limits: { concurrentResponses: 2 } });
  const ids: string[] = [];
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const created = await site.create(background);
    if (created.status === 200) ids.push((await readResponse(created)).id);
    for (const id of ids) expect((await site.ask(`/responses/${id}`)).status).toBe(404);
  }
  expect(jobs).toBe(2);
  isThere = true;
  for (const id of ids) expect((await site.ask(`/responses/${id}`)).status).toBe(200);
  await clock.advance(20 * minutes);
  expect((await site.create(background)).status).toBe(429);
});

test('creates with an unknown outcome keep their places for minutes (attack: 16 creates that get a 502)', async () => {
  const clock = manualClock();
  await using api = await startApi((_request, outgoing) => {
    outgoing.writeHead(502, { 'content-type': 'text/html' });
    outgoing.end('<html>Bad gateway</html>');
  });
  await using site = await startSite({ ...api, clock });
  for (let attempt = 0; attempt < 16; attempt += 1) expect((await site.create(background)).status).toBe(502);
  expect((await site.create(background)).status).toBe(429);
  await clock.advance(5 * minutes);
  expect((await site.create(background)).status).toBe(502);
});

test('a stream that begins with an error holds no place, because the API stated that there is no job (OpenRouter)', async () => {
  await using api = await startApi((_request, outgoing) => {
    startEvents(outgoing);
    const error = {
      type: 'insufficient_quota',
      code: 'insufficient_quota',
      message: 'No quota.',
      param: null,
    };
    // The connection stays open, as with some gateways.
    outgoing.write(frame({ type: 'error', error } as { type: string }));
  });
  await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const answer = await site.create({ ...background, stream: true });
    expect(answer.status).toBe(200);
    const reader = answer.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('insufficient_quota');
    await reader?.cancel();
  }
});

test('a create waits 29 minutes for its answer or first event (llama.cpp 20872)', async () => {
  const clock = manualClock();
  let begin: () => void = () => undefined;
  await using api = await startApi(async ({ body }, outgoing) => {
    await new Promise<void>((resolve) => {
      begin = resolve;
    });
    if (!body.includes('"stream":true')) return sendJson(outgoing, { id: 'resp_raw', status: 'completed' });
    startEvents(outgoing);
    outgoing.end(snapshot('response.created', 0, 'queued'));
  });
  await using site = await startSite({ ...api, clock });
  for (const body of [
    { ...background, stream: true },
    background,
    { model: 'm', input: 'Hi', stream: true },
  ]) {
    const create = site.create(body);
    const before = api.requests.length;
    await until(() => api.requests.length > before);
    for (let minute = 0; minute < 29; minute += 1) await clock.advance(minutes);
    begin();
    const answer = await create;
    expect(answer.status).toBe(200);
    await answer.text();
  }
});
