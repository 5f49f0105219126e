import { createEmulator, manualClock } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import { memoryStorage } from '@longhaul/core/server';
import { describe, expect, test } from 'vitest';
import { readError, readNoAnswer, readResponse } from './read-json.ts';
import { sendJson, snapshot, startApi, startEvents } from './scripted-api.ts';
import { startSite } from './site.ts';
import { until } from './until.ts';

const background = { model: 'm', input: 'Hi', background: true };
/** The id of the response in a stream. */
function idIn(events: string): string {
  const [, id = 'none'] = /"id":"(resp_[\w-]+)"/.exec(events) ?? [];
  return id;
}

const keyed = { headers: { 'idempotency-key': 'run_1/0/0' } };

test('a repeated key gets the first answer unchanged, and does not start a second job', async () => {
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

test('simultaneous creates with the same key start one job', async () => {
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

test('refuses another body under the same key', async () => {
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

test('the same key of another visitor starts another job', async () => {
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

test('a repeat of a background stream gets the same events, without a second job', async () => {
  const emulator = createEmulator({ script: () => ({ text: 'Hello.' }), queuedMs: 0, runMs: 0 });
  await using api = await serveEmulator(emulator);
  await using site = await startSite({ baseURL: api.url });
  const stream = { ...background, stream: true };
  const first = await (await site.create(stream, keyed)).text();
  const second = await (await site.create(stream, keyed)).text();
  expect(second).toBe(first);
  expect(emulator.generations).toBe(1);
});

test('a repeat of a stream returns the response’s current state if the API no longer streams', async () => {
  const emulator = createEmulator({ script: () => ({ text: 'Hello.' }), queuedMs: 0, runMs: 0 });
  await using api = await serveEmulator(emulator);
  await using site = await startSite({ baseURL: api.url });
  const stream = { ...background, stream: true };
  const first = await (await site.create(stream, keyed)).text();
  emulator.expireStreams();
  const second = await (await site.create(stream, keyed)).text();
  expect(second).toMatch(/^event: response\.completed\n/);
  expect(idIn(second)).toBe(idIn(first));
  expect((await readResponse(await site.ask(`/responses/${idIn(first)}`))).status).toBe('completed');
  expect(emulator.generations).toBe(1);
});

test('a foreground stream that reached its end is sent again', async () => {
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

describe('frees a key', () => {
  test.each([
    ['after the API’s refusal', 'refused'],
    ['after a broken connection, because the client decides whether to risk a second job', 'reset'],
    ['after an interrupted foreground stream', 'cut'],
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

  test('after too many concurrent creates', async () => {
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

test('a refused body does not use up a key', async () => {
  await using api = await startApi((_request, outgoing) =>
    sendJson(outgoing, { id: 'resp_raw', status: 'queued' }),
  );
  await using site = await startSite(api);
  expect((await site.create({ ...background, model: 'other' }, keyed)).status).toBe(400);
  expect((await site.create(background, keyed)).status).toBe(200);
});

test('the client gets its response, even if recording the key fails', async () => {
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

describe('a repeat in another form gets the same job (llama.cpp 20872: a buffered stream)', () => {
  async function setUp(runMs = 0) {
    const emulator = createEmulator({ script: () => ({ text: 'Hello.' }), queuedMs: 0, runMs });
    const api = await serveEmulator(emulator);
    const site = await startSite({ baseURL: api.url });
    return {
      emulator,
      site,
      async [Symbol.asyncDispose]() {
        await site[Symbol.asyncDispose]();
        await api[Symbol.asyncDispose]();
      },
    };
  }

  test('a background stream, then without `stream`', async () => {
    await using servers = await setUp();
    const { site, emulator } = servers;
    const first = await (
      await site.create(
        { ...background, stream: true, stream_options: { include_obfuscation: false } },
        keyed,
      )
    ).text();
    const second = await site.create(background, keyed);
    expect(second.headers.get('content-type')).toBe('application/json');
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect((await readResponse(second)).id).toBe(idIn(first));
    expect(emulator.generations).toBe(1);
  });

  test('a background response, then with `stream`', async () => {
    await using servers = await setUp(50);
    const { site, emulator } = servers;
    const first = await readResponse(await site.create({ ...background, stream: false }, keyed));
    const second = await site.create({ stream: true, ...background }, keyed);
    expect(second.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = await second.text();
    expect(events).toMatch(/^event: response\.created\n/);
    expect(idIn(events)).toBe(first.id);
    expect(emulator.generations).toBe(1);
  });

  test('a foreground stream, then without `stream`, and the reverse', async () => {
    await using servers = await setUp();
    const { site, emulator } = servers;
    const body = { model: 'm', input: 'Hi' };
    const first = await (await site.create({ ...body, stream: true }, keyed)).text();
    const second = await readResponse(await site.create(body, keyed));
    expect(second).toMatchObject({ id: idIn(first), status: 'completed' });
    const other = { headers: { 'idempotency-key': 'other' } };
    const third = await readResponse(await site.create(body, other));
    const fourth = await (await site.create({ ...body, stream: true }, other)).text();
    expect(fourth).toMatch(/^event: response\.completed\n/);
    expect(idIn(fourth)).toBe(third.id);
    expect(emulator.generations).toBe(2);
  });

  test('while the first create is in flight, and its client has disconnected', async () => {
    let answer: () => void = () => undefined;
    await using api = await startApi(async ({ method }, outgoing) => {
      if (method === 'GET') return sendJson(outgoing, { id: 'resp_raw', status: 'in_progress' });
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      startEvents(outgoing);
      outgoing.write(snapshot('response.created', 0, 'queued'));
    });
    await using site = await startSite(api);
    const leave = new AbortController();
    const lost = site.create({ ...background, stream: true }, { ...keyed, signal: leave.signal });
    const gone = lost.catch(() => undefined);
    await until(() => api.requests.length === 1);
    leave.abort();
    await gone;
    const repeated = site.create(background, keyed);
    answer();
    expect((await readResponse(await repeated)).status).toBe('in_progress');
    expect(api.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  test('a repeat returns the response’s id even if the API is not reachable, because a second job would cost money', async () => {
    await using api = await startApi(({ method }, outgoing) => {
      if (method === 'GET') return void outgoing.destroy();
      startEvents(outgoing);
      outgoing.end(snapshot('response.created', 0, 'queued'));
    });
    await using site = await startSite(api);
    const first = await (await site.create({ ...background, stream: true }, keyed)).text();
    expect((await readResponse(await site.create(background, keyed))).id).toBe(idIn(first));
    expect(idIn(await (await site.create({ ...background, stream: true }, keyed)).text())).toBe(idIn(first));
    expect(api.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});

test('a repeat with another order of fields or an additional null is for the same job', async () => {
  await using api = await startApi((_request, outgoing) =>
    sendJson(outgoing, { id: 'resp_raw', status: 'queued' }),
  );
  await using site = await startSite(api);
  await site.create(background, keyed);
  const repeat = { background: true, temperature: null, input: 'Hi', model: 'm' };
  expect((await site.create(repeat, keyed)).status).toBe(200);
  expect(api.requests).toHaveLength(1);
});

test('a stream that is longer than every time-out keeps its key (attack: a second job under one key)', async () => {
  const clock = manualClock();
  await using api = await startApi((_request, outgoing) => {
    startEvents(outgoing);
    outgoing.write(snapshot('response.created', 0, 'in_progress'));
  });
  await using site = await startSite({
    ...api,
    clock,
    limits: { foregroundTimeoutMs: 1_000, idempotencyMs: 1_000, requestsPerMinute: 10_000 },
  });
  const stream = { model: 'm', input: 'Hi', stream: true };
  const first = await site.create(stream, keyed);
  const reader = first.body?.getReader();
  await reader?.read();
  for (let minute = 0; minute < 120; minute += 1) await clock.advance(60_000);
  const second = site.create(stream, keyed);
  await until(async () => {
    await clock.advance(1_000);
    return Promise.race([second, Promise.resolve(undefined)]);
  });
  expect((await second).status).toBe(503);
  expect(await readNoAnswer(await second)).toMatchObject({ code: 'idempotency_key_in_use' });
  expect(api.requests).toHaveLength(1);
  await reader?.cancel();
});

test('answers that are too large to store are retrieved again, and displace no answer of other visitors (attack)', async () => {
  const instructions = 'x'.repeat(300_000);
  let jobs = 0;
  await using api = await startApi(({ method, target }, outgoing) => {
    const id = method === 'POST' ? `resp_${(jobs += 1)}` : (target.split('/').at(-1) ?? '');
    sendJson(outgoing, { id, object: 'response', status: 'queued', instructions });
  });
  const storage = memoryStorage({ maxCharacters: 1_000_000 });
  await using site = await startSite({ ...api, storage, limits: { concurrentResponses: 100 } });
  const his = await readResponse(await site.create(background, { ...keyed, user: 'bob' }));
  for (let index = 0; index < 40; index += 1)
    await site.create(background, { headers: { 'idempotency-key': `ann ${index}` } });
  expect((await readResponse(await site.create(background, { ...keyed, user: 'bob' }))).id).toBe(his.id);
  const again = await site.create(background, { headers: { 'idempotency-key': 'ann 0' } });
  expect((await again.text()).length).toBeGreaterThan(instructions.length);
  expect(jobs).toBe(41);
});
