import { createEmulator } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import { expect, test } from 'vitest';
import { readError, readResponse } from './read-json.ts';
import { sendJson, snapshot, startApi, startEvents } from './scripted-api.ts';
import { startSite } from './site.ts';
import { until } from './until.ts';

const background = { model: 'm', input: 'Hi', background: true };

test('requests of all kinds count, each visitor’s for themselves, refused ones too', async () => {
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

test('a background response counts until it was seen to end', async () => {
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

test('a stream that reaches its end gives its place back', async () => {
  const emulator = createEmulator({ script: () => ({ text: 'Hello.' }), queuedMs: 0, runMs: 0 });
  await using api = await serveEmulator(emulator);
  await using site = await startSite({ baseURL: api.url, limits: { concurrentResponses: 1 } });
  for (let run = 0; run < 3; run += 1) {
    const answer = await site.create({ ...background, stream: true });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('response.completed');
  }
});

test('leaving early does not hide a job: its place stays taken', async () => {
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

test('a job that may run takes a place: breaking the connection to the API does not hide it', async () => {
  await using api = await startApi((_request, outgoing) => void outgoing.destroy());
  await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
  expect((await site.create(background)).status).toBe(502);
  expect((await site.create(background)).status).toBe(429);
});

test('what the API refuses, and a foreground response that is over, take no place', async () => {
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

test('a foreground stream that the client leaves gives its place back: it ended with the connection', async () => {
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

test('a deleted response takes no place', async () => {
  await using api = await startApi(({ method }, outgoing) =>
    method === 'POST'
      ? sendJson(outgoing, { id: 'resp_raw', status: 'queued' })
      : sendJson(
          outgoing,
          {
            error: {
              message: "Response with id 'resp_raw' not found.",
              type: 'invalid_request_error',
              param: null,
              code: null,
            },
          },
          404,
        ),
  );
  await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
  const { id } = await readResponse(await site.create(background));
  expect((await site.ask(`/responses/${id}`)).status).toBe(404);
  expect((await site.create(background)).status).toBe(200);
});
