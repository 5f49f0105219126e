import { createEmulator } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import { memoryStorage } from '@longhaul/core/server';
import { describe, expect, test } from 'vitest';
import { readError, readResponse } from './read-json.ts';
import { sendJson, snapshot, startApi, startEvents } from './scripted-api.ts';
import { startSite } from './site.ts';
import { until } from './until.ts';

const background = { model: 'm', input: 'Hi', background: true };
const keyed = { headers: { 'idempotency-key': 'run_1/0/0' } };

test('a key seen before is answered with the first response, word for word, and starts no second job', async () => {
  const emulator = createEmulator({ script: () => ({ text: 'Hello.' }), queuedMs: 0, runMs: 0 });
  await using api = await serveEmulator(emulator);
  await using site = await startSite({ baseURL: api.url });
  const first = await site.create(background, keyed);
  const second = await site.create(background, keyed);
  expect(second.status).toBe(200);
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  expect(await second.text()).toBe(await first.text());
  expect(emulator.requests).toHaveLength(1);
});

test('two at once start one job', async () => {
  const emulator = createEmulator({ script: () => ({ text: 'Hello.' }), queuedMs: 0, runMs: 0 });
  await using api = await serveEmulator(emulator);
  await using site = await startSite({ baseURL: api.url });
  const answers = await Promise.all(Array.from({ length: 5 }, () => site.create(background, keyed)));
  const ids = await Promise.all(answers.map(async (answer) => (await readResponse(answer)).id));
  expect(new Set(ids).size).toBe(1);
  expect(emulator.requests).toHaveLength(1);
});

test('two processes with one storage start one job', async () => {
  const emulator = createEmulator({ script: () => ({ text: 'Hello.' }), queuedMs: 0, runMs: 0 });
  await using api = await serveEmulator(emulator);
  const storage = memoryStorage();
  await using one = await startSite({ baseURL: api.url, storage });
  await using other = await startSite({ baseURL: api.url, storage });
  const [a, b] = await Promise.all([one.create(background, keyed), other.create(background, keyed)]);
  expect((await readResponse(a)).id).toBe((await readResponse(b)).id);
  expect(emulator.requests).toHaveLength(1);
});

test('another body under the same key is refused', async () => {
  await using api = await startApi((_request, outgoing) =>
    sendJson(outgoing, { id: 'resp_raw', status: 'queued' }),
  );
  await using site = await startSite(api);
  await site.create(background, keyed);
  const refused = await site.create({ ...background, input: 'Other' }, keyed);
  expect(refused.status).toBe(422);
  expect(await readError(refused)).toMatchObject({ code: 'idempotency_key_reused' });
  expect(api.requests).toHaveLength(1);
});

test('another visitor’s key is another key', async () => {
  let response = 0;
  await using api = await startApi((_request, outgoing) =>
    sendJson(outgoing, { id: `resp_${(response += 1)}`, status: 'queued' }),
  );
  await using site = await startSite(api);
  await site.create(background, keyed);
  const hers = await readResponse(await site.create(background, { ...keyed, user: 'bob' }));
  expect(api.requests).toHaveLength(2);
  expect((await site.ask(`/responses/${hers.id}`, { user: 'bob' })).status).toBe(200);
});

test('a background stream is taken up again: its first events, then what follows at the API', async () => {
  const emulator = createEmulator({ script: () => ({ text: 'Hello.' }), queuedMs: 0, runMs: 0 });
  await using api = await serveEmulator(emulator);
  await using site = await startSite({ baseURL: api.url });
  const stream = { ...background, stream: true };
  const first = await (await site.create(stream, keyed)).text();
  const second = await (await site.create(stream, keyed)).text();
  expect(second).toBe(first);
  expect(emulator.generations).toBe(1);
});

test('where the API no longer streams, the repeat ends after its first events: the id is known', async () => {
  const emulator = createEmulator({ script: () => ({ text: 'Hello.' }), queuedMs: 0, runMs: 0 });
  await using api = await serveEmulator(emulator);
  await using site = await startSite({ baseURL: api.url });
  const stream = { ...background, stream: true };
  const first = await (await site.create(stream, keyed)).text();
  emulator.expireStreams();
  const second = await (await site.create(stream, keyed)).text();
  expect(second).toBe(`${first.split('\n\n')[0]}\n\n`);
  const [, id] = /"id":"(resp_[\w-]+)"/.exec(second) ?? [];
  expect((await readResponse(await site.ask(`/responses/${id}`))).status).toBe('completed');
});

test('a foreground stream that reached its end is played again', async () => {
  await using api = await startApi((_request, outgoing) => {
    startEvents(outgoing);
    outgoing.end(
      snapshot('response.created', 0, 'in_progress') + snapshot('response.completed', 1, 'completed'),
    );
  });
  await using site = await startSite(api);
  const stream = { model: 'm', input: 'Hi', stream: true };
  const first = await (await site.create(stream, keyed)).text();
  const second = await site.create(stream, keyed);
  expect(second.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(await second.text()).toBe(first);
  expect(api.requests).toHaveLength(1);
});

describe('a key is free again', () => {
  test.each([
    ['after the API’s refusal', 'refused'],
    ['after a connection that broke: whether to risk a second job is the client’s to decide', 'reset'],
    ['after a foreground stream that broke off', 'cut'],
  ])('%s', async (_, trouble) => {
    await using api = await startApi((request, outgoing) => {
      if (api.requests.length > 1) return sendJson(outgoing, { id: 'resp_raw', status: 'completed' });
      if (trouble === 'reset') return void outgoing.destroy();
      if (trouble === 'cut') {
        startEvents(outgoing);
        return void outgoing.write(snapshot('response.created', 0, 'in_progress'), () => outgoing.destroy());
      }
      sendJson(
        outgoing,
        { error: { message: 'No.', type: 'requests', param: null, code: 'slow_down' } },
        429,
      );
      return void request;
    });
    await using site = await startSite(api);
    const body = trouble === 'cut' ? { model: 'm', input: 'Hi', stream: true } : background;
    await (await site.create(body, keyed)).text();
    await until(async () => (await site.create(body, keyed)).status === 200);
    expect(api.requests).toHaveLength(2);
  });

  test('after too many at once', async () => {
    await using api = await startApi(({ target }, outgoing) =>
      sendJson(outgoing, {
        id: `resp_${api.requests.length}`,
        status: target.endsWith('/cancel') ? 'cancelled' : 'queued',
      }),
    );
    await using site = await startSite({ ...api, limits: { concurrentResponses: 1 } });
    const { id } = await readResponse(await site.create(background));
    expect((await site.create(background, keyed)).status).toBe(429);
    await site.ask(`/responses/${id}/cancel`, { method: 'POST' });
    expect((await site.create(background, keyed)).status).toBe(200);
  });
});

test('a body that is refused uses no key up', async () => {
  await using api = await startApi((_request, outgoing) =>
    sendJson(outgoing, { id: 'resp_raw', status: 'queued' }),
  );
  await using site = await startSite(api);
  expect((await site.create({ ...background, model: 'other' }, keyed)).status).toBe(400);
  expect((await site.create(background, keyed)).status).toBe(200);
});

test('a job is not lost to its client because its key could not be recorded', async () => {
  const storage = memoryStorage();
  await using api = await startApi((_request, outgoing) =>
    sendJson(outgoing, { id: 'resp_raw', status: 'queued' }),
  );
  await using site = await startSite({
    ...api,
    storage: { ...storage, set: () => Promise.reject(new Error('redis is down')) },
  });
  expect((await site.create(background, keyed)).status).toBe(200);
  expect(site.errors.length).toBeGreaterThan(0);
});
