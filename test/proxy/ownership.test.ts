import { createProxy, signResponseId, verifyResponseId } from '@longhaul/core/server';
import { createEmulator, manualClock } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import { describe, expect, test } from 'vitest';
import { readError, readResponse } from './read-json.ts';
import { apiKey, secret, startSite } from './site.ts';

const month = 30 * 24 * 3_600_000;

async function setUp() {
  const emulator = createEmulator({ script: () => ({ text: 'Hello.' }), apiKey, queuedMs: 0, runMs: 0 });
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

const background = { model: 'm', input: 'Hi', background: true };

test('a visitor creates, polls, streams, chains and cancels without receiving an id of the API', async () => {
  await using servers = await setUp();
  const { site, emulator } = servers;
  const created = await readResponse(await site.create({ ...background, stream: false }));
  const raw = await verifyResponseId(created.id, { secret, principal: 'ann' });
  expect(raw).toMatch(/^resp_[0-9a-f]{50}$/);

  const polled = await readResponse(await site.ask(`/responses/${created.id}`));
  expect(polled.id).toBe(created.id);

  const chained = await readResponse(await site.create({ ...background, previous_response_id: created.id }));
  expect(chained.previous_response_id).toBe(created.id);
  expect(emulator.requests.at(-1)?.body).toMatchObject({ previous_response_id: raw });

  const cancelled = await readResponse(await site.ask(`/responses/${chained.id}/cancel`, { method: 'POST' }));
  expect(cancelled.id).toBe(chained.id);

  const streamed = await site.create({ ...background, stream: true });
  const text = await streamed.text();
  expect(streamed.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const [, name] = /"id":"(resp_[\w-]+)"/.exec(text) ?? [];
  const again = await (await site.ask(`/responses/${name}?stream=true&starting_after=2`)).text();
  expect(again).toContain('response.completed');
  expect(again).not.toContain('response.created');

  const all = JSON.stringify([created, polled, chained, cancelled, text, again]);
  expect(all).not.toMatch(/(?:resp|msg)_[0-9a-f]{50}\b/);
  expect(all).toMatch(/"msg_AQ[\w-]{100,}"/);
});

test('a poll of a chained response has the signed id of the previous response', async () => {
  await using servers = await setUp();
  const { site } = servers;
  const first = await readResponse(await site.create(background));
  const second = await readResponse(await site.create({ ...background, previous_response_id: first.id }));
  const polled = await readResponse(await site.ask(`/responses/${second.id}`));
  expect(polled.previous_response_id).toMatch(/^resp_/);
  const predecessor = await readResponse(await site.ask(`/responses/${polled.previous_response_id}`));
  expect(predecessor.status).toBe('completed');
});

describe('another principal’s response', () => {
  test.each([
    ['retrieve', 'GET', ''],
    ['stream', 'GET', '?stream=true'],
    ['cancel', 'POST', '/cancel'],
  ])('is not reachable by %s', async (_, method, end) => {
    await using servers = await setUp();
    const { site, emulator } = servers;
    const { id } = await readResponse(await site.create(background));
    const refused = await site.ask(`/responses/${id}${end}`, { user: 'bob', method });
    expect(refused.status).toBe(404);
    expect((await readError(refused)).message).toBe(`Response with id '${id}' not found.`);
    expect(emulator.requests).toHaveLength(1);
  });

  test('cannot be continued', async () => {
    await using servers = await setUp();
    const { site, emulator } = servers;
    const { id } = await readResponse(await site.create(background));
    const refused = await site.create({ ...background, previous_response_id: id }, { user: 'bob' });
    expect(refused.status).toBe(400);
    expect(await readError(refused)).toMatchObject({
      code: 'previous_response_not_found',
      param: 'previous_response_id',
    });
    expect(emulator.requests).toHaveLength(1);
  });

  test('is refused with the same error as a response that does not exist', async () => {
    await using servers = await setUp();
    const { site } = servers;
    const { id } = await readResponse(await site.create(background));
    const gone = await signResponseId('resp_unknown', { secret, principal: 'bob' });
    const foreign = await readError(await site.ask(`/responses/${id}`, { user: 'bob' }));
    const missing = await readError(await site.ask(`/responses/${gone}`, { user: 'bob' }));
    expect({ ...missing, message: missing.message.replace(gone, id) }).toEqual(foreign);
  });
});

describe('a forged id', () => {
  test.each([
    'the raw one',
    'a signed one with a character changed',
    'a signed one of another secret',
    'one without a signature',
  ])('is refused without a request to the API: %s', async (kind) => {
    await using servers = await setUp();
    const { site, emulator } = servers;
    const { id } = await readResponse(await site.create(background));
    const raw = String(await verifyResponseId(id, { secret, principal: 'ann' }));
    const forged =
      {
        'the raw one': raw,
        'a signed one with a character changed': `${id.slice(0, 20)}${id[20] === 'A' ? 'B' : 'A'}${id.slice(21)}`,
        'a signed one of another secret': await signResponseId(raw, {
          secret: 'another secret that is long enough',
          principal: 'ann',
        }),
      }[kind] ?? `resp_${btoa(raw)}`.replaceAll('=', '');
    const before = emulator.requests.length;
    expect((await site.ask(`/responses/${forged}`)).status).toBe(404);
    expect((await site.ask(`/responses/${forged}/cancel`, { method: 'POST' })).status).toBe(404);
    expect((await site.create({ ...background, previous_response_id: forged })).status).toBe(400);
    expect(emulator.requests).toHaveLength(before);
  });
});

test('an expired id is not found, and polling does not prolong it', async () => {
  const clock = manualClock(1_700_000_000_000);
  const emulator = createEmulator({ script: () => ({ text: 'Hello.' }), clock, queuedMs: 0, runMs: 0 });
  const proxy = createProxy({
    apiKey,
    secret,
    authorize: () => 'ann',
    allow: { models: ['m'] },
    fetch: emulator.fetch,
    clock,
  });
  const json = { 'content-type': 'application/json' };
  const created = await proxy(
    new Request('http://site.test/responses', {
      method: 'POST',
      headers: json,
      body: JSON.stringify(background),
    }),
  );
  const { id } = await readResponse(created);
  const poll = () => proxy(new Request(`http://site.test/responses/${id}`));
  await clock.advance(month - 1);
  expect(await readResponse(await poll())).toMatchObject({ id });
  await clock.advance(2_000);
  expect((await poll()).status).toBe(404);
});

test('the signed id of a previous response expires with the id of the polled response', async () => {
  const day = 24 * 3_600_000;
  const clock = manualClock(1_700_000_000_000);
  const emulator = createEmulator({ script: () => ({ text: 'Hello.' }), clock, queuedMs: 0, runMs: 0 });
  const allow = { models: ['m'] };
  const proxy = createProxy({ apiKey, secret, authorize: () => 'ann', allow, fetch: emulator.fetch, clock });
  const create = async (body: object) => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    return readResponse(await proxy(new Request('http://site.test/responses', init)));
  };
  const retrieve = (id: string) => proxy(new Request(`http://site.test/responses/${id}`));
  const first = await create(background);
  const second = await create({ ...background, previous_response_id: first.id });
  await clock.advance(20 * day);
  const { previous_response_id: name } = await readResponse(await retrieve(second.id));
  expect((await retrieve(String(name))).status).toBe(200);
  await clock.advance(9 * day);
  expect((await retrieve(String(name))).status).toBe(200);
  await clock.advance(2 * day);
  // The proxy refuses the id because of its age, without a request to the API.
  const before = emulator.requests.length;
  expect((await retrieve(String(name))).status).toBe(404);
  expect(emulator.requests).toHaveLength(before);
});

test('a server that creates a response itself can sign its id for one visitor', async () => {
  await using servers = await setUp();
  const { site, emulator } = servers;
  const created = await emulator.fetch('http://api.test/v1/responses', {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(background),
  });
  const name = await signResponseId((await readResponse(created)).id, { secret, principal: 'ann' });
  expect((await site.ask(`/responses/${name}`)).status).toBe(200);
  expect((await site.ask(`/responses/${name}`, { user: 'bob' })).status).toBe(404);
});

test('errors of the API contain the signed id of a response', async () => {
  await using servers = await setUp();
  const { site, emulator } = servers;
  const { id } = await readResponse(await site.create(background));
  const raw = String(await verifyResponseId(id, { secret, principal: 'ann' }));
  await emulator.fetch(`http://api.test/v1/responses/${raw}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${apiKey}` },
  });
  const gone = await site.create({ ...background, previous_response_id: id });
  expect(gone.status).toBe(400);
  expect((await readError(gone)).message).toBe(`Previous response with id '${id}' not found.`);
});
