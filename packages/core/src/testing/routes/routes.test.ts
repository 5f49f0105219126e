import OpenAI, { APIUserAbortError } from 'openai';
import { describe, expect, test } from 'vitest';
import { createEmulator, manualClock, type EmulatorOptions } from '../index.ts';

function api(options: Partial<EmulatorOptions> = {}) {
  const clock = manualClock(1_770_000_000_000);
  const emulator = createEmulator({
    script: [{ calls: [{ name: 'f', callId: 'call_x' }] }, { text: 'Done' }],
    clock,
    queuedMs: 0,
    runMs: 0,
    ...options,
  });
  return { clock, emulator, client: new OpenAI({ fetch: emulator.fetch, apiKey: 'test', maxRetries: 0 }) };
}

const request = { model: 'gpt-4o', input: 'Hi' };
const output = { type: 'function_call_output', call_id: 'call_x', output: '1' } as const;

describe('retention', () => {
  test('a foreground response with store: false can never be retrieved, and its id has the flag byte 01', async () => {
    const { client } = api();
    const { id } = await client.responses.create({ ...request, store: false });
    expect(id).toMatch(/^resp_[0-9a-f]{16}01/);
    await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
  });

  test('a background response with store: false can be retrieved for ten minutes after its end, a stored response for 30 days', async () => {
    const { client, clock } = api();
    const unstored = await client.responses.create({ ...request, background: true, store: false });
    const stored = await client.responses.create({ ...request, background: true });
    await clock.advance(599_999);
    expect(await client.responses.retrieve(unstored.id)).toMatchObject({ store: false, status: 'completed' });
    await clock.advance(1);
    await expect(client.responses.retrieve(unstored.id)).rejects.toMatchObject({ status: 404 });
    await clock.advance(29 * 86_400_000);
    expect(await client.responses.retrieve(stored.id)).toMatchObject({ store: true });
    await clock.advance(86_400_000);
    await expect(client.responses.retrieve(stored.id)).rejects.toMatchObject({ status: 404 });
  });

  test('`backgroundUnstored` makes the API refuse or store a background create with store: false', async () => {
    const rejecting = api({ backgroundUnstored: 'reject' });
    await expect(
      rejecting.client.responses.create({ ...request, background: true, store: false }),
    ).rejects.toMatchObject({
      status: 400,
      code: 'unsupported_parameter',
      param: 'background',
    });
    const storing = api({ backgroundUnstored: 'stored' });
    const { id } = await storing.client.responses.create({ ...request, background: true, store: false });
    await storing.clock.advance(3_600_000);
    expect(await storing.client.responses.retrieve(id)).toMatchObject({ id });
  });

  test('zero data retention refuses previous_response_id', async () => {
    const { client } = api({ zeroDataRetention: true });
    const { id } = await client.responses.create({ ...request, background: true });
    await expect(client.responses.create({ ...request, previous_response_id: id })).rejects.toMatchObject({
      code: 'unsupported_parameter',
      param: 'previous_response_id',
    });
  });

  test('a deleted response cannot be retrieved, and a running response cannot be deleted', async () => {
    const { client, clock } = api({ runMs: 1000 });
    const { id } = await client.responses.create({ ...request, background: true });
    await expect(client.responses.delete(id)).rejects.toMatchObject({ status: 400 });
    await clock.advance(1000);
    await client.responses.delete(id);
    await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
  });
});

describe('cancel', () => {
  test('is idempotent, and does not change the status of a finished response', async () => {
    const { client, clock } = api({ runMs: 1000 });
    const running = await client.responses.create({ ...request, background: true });
    const cancelled = await client.responses.cancel(running.id);
    expect(cancelled).toMatchObject({ status: 'cancelled', output: [], usage: null, error: null });
    await clock.advance(2000);
    expect(await client.responses.cancel(running.id)).toMatchObject({ status: 'cancelled' });
    const done = await client.responses.create({ ...request, background: true });
    await clock.advance(1000);
    expect(await client.responses.cancel(done.id)).toMatchObject({ status: 'completed' });
  });

  test('of a foreground response is refused', async () => {
    const { client } = api();
    const { id } = await client.responses.create(request);
    await expect(client.responses.cancel(id)).rejects.toThrow('Cannot cancel a synchronous response.');
  });

  test('aborting a foreground create cancels the response, which still counts as a generation', async () => {
    const { client, clock, emulator } = api({ runMs: 1000 });
    const controller = new AbortController();
    const answer = client.responses.create(request, { signal: controller.signal });
    answer.catch(() => undefined);
    await clock.advance(500);
    controller.abort();
    await expect(answer).rejects.toBeInstanceOf(APIUserAbortError);
    await clock.advance(0);
    expect(emulator.snapshot().responses[0]?.cancelled).toMatchObject({ started: true });
    expect(emulator.generations).toBe(1);
  });
});

describe('streaming an existing response', () => {
  test('needs background, and a create with stream', async () => {
    const { client } = api();
    const foreground = await client.responses.create(request);
    await expect(client.responses.retrieve(foreground.id, { stream: true })).rejects.toMatchObject({
      status: 400,
      param: 'stream',
    });
    const polled = await client.responses.create({ ...request, background: true });
    await expect(client.responses.retrieve(polled.id, { stream: true })).rejects.toThrow(
      'not created with stream=true',
    );
  });

  test('that was created without stream is possible with `streamOfPolled`', async () => {
    const { client } = api({ streamOfPolled: 'serve' });
    const { id } = await client.responses.create({ ...request, background: true });
    const types: string[] = [];
    for await (const event of await client.responses.retrieve(id, { stream: true })) types.push(event.type);
    expect(types.at(-1)).toBe('response.completed');
  });
});

describe('input_items', () => {
  test('lists the context of the whole chain, newest first, with ids, in pages', async () => {
    const { client } = api();
    const first = await client.responses.create(request);
    const { id } = await client.responses.create({
      ...request,
      previous_response_id: first.id,
      input: [output],
    });
    const page = await client.responses.inputItems.list(id, { limit: 2 });
    expect(page.data.map((item) => item.type)).toEqual(['function_call_output', 'function_call']);
    expect(page.has_more).toBe(true);
    const next = await page.getNextPage();
    expect(next.data).toMatchObject([
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
    ]);
    const oldest = await client.responses.inputItems.list(id, { order: 'asc' });
    expect(oldest.data[0]).toMatchObject({ type: 'message' });
  });

  test.each([
    ['limit=some', 'limit', 'invalid_type'],
    ['limit=0', 'limit', 'integer_below_min_value'],
    ['limit=101', 'limit', 'integer_above_max_value'],
    ['order=newest', 'order', 'invalid_value'],
    // Returning the first page again would make a client that reads page after page never end.
    ['after=msg_of_another_list', 'after', null],
  ])('is refused for %s', async (query, param, code) => {
    const { client, emulator } = api();
    const { id } = await client.responses.create(request);
    const refused = await emulator.fetch(`/v1/responses/${id}/input_items?${query}`);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { type: 'invalid_request_error', param, code } });
  });
});

test('input_tokens returns a number', async () => {
  const { client } = api();
  expect(await client.responses.inputTokens.count({ model: 'gpt-4o', input: 'Tell me a joke.' })).toEqual({
    object: 'response.input_tokens',
    input_tokens: expect.any(Number),
  });
});

describe('headers', () => {
  const names = (headers: Headers): string[] =>
    [...headers.keys()].filter((name) => name.startsWith('x-ratelimit'));

  test('rate limits are sent with foreground JSON creates, and not with background creates or GETs', async () => {
    const { client } = api();
    const foreground = await client.responses.create(request).withResponse();
    expect(names(foreground.response.headers)).toHaveLength(6);
    expect(foreground.request_id).toMatch(/^req_[0-9a-f]{32}$/);
    const background = await client.responses.create({ ...request, background: true }).withResponse();
    expect(names(background.response.headers)).toEqual([]);
    const retrieved = await client.responses.retrieve(foreground.data.id).withResponse();
    expect(names(retrieved.response.headers)).toEqual([]);
  });

  test('openai-poll-after-ms is sent while a response runs, if configured', async () => {
    const { client, clock } = api({ pollAfterMs: 750, runMs: 1000 });
    const { data, response } = await client.responses.create({ ...request, background: true }).withResponse();
    expect(response.headers.get('openai-poll-after-ms')).toBe('750');
    await clock.advance(1000);
    const done = await client.responses.retrieve(data.id).withResponse();
    expect(done.response.headers.get('openai-poll-after-ms')).toBeNull();
  });
});

test('a repeated Idempotency-Key creates a second response as at OpenAI, unless `idempotencyKeys` is set', async () => {
  for (const [idempotencyKeys, jobs] of [
    [false, 2],
    [true, 1],
  ] as const) {
    const { emulator } = api({ idempotencyKeys });
    const init = {
      method: 'POST',
      headers: { 'idempotency-key': 'run/0/0' },
      body: JSON.stringify({ ...request, background: true }),
    };
    await emulator.fetch('/v1/responses', init);
    await emulator.fetch('/v1/responses', init);
    expect(emulator.generations).toBe(jobs);
  }
});

test('other paths are not found, and the API answers under any base path', async () => {
  const { emulator } = api();
  expect((await emulator.fetch('/v1/chat/completions', { method: 'POST', body: '{}' })).status).toBe(404);
  expect((await emulator.fetch('/v1/responses/resp_x/cancel')).status).toBe(404);
  expect(
    (
      await emulator.fetch('/openai/v1/responses', {
        method: 'POST',
        body: JSON.stringify({ ...request, background: true }),
      })
    ).status,
  ).toBe(200);
});

test('expired responses are removed, but their generations still count', async () => {
  const { emulator, clock } = api();
  const create = { method: 'POST', body: JSON.stringify({ ...request, background: true, store: false }) };
  for (let index = 0; index < 300; index += 1) await emulator.fetch('/v1/responses', create);
  await clock.advance(600_001);
  for (let index = 0; index < 300; index += 1) await emulator.fetch('/v1/responses', create);
  expect(emulator.generations).toBe(600);
  expect(emulator.snapshot().responses.length).toBeLessThan(301);
});

test('expired responses still count if they are removed while a snapshot is restored', async () => {
  const { emulator, clock } = api();
  const create = { method: 'POST', body: JSON.stringify({ ...request, background: true, store: false }) };
  for (let index = 0; index < 300; index += 1) await emulator.fetch('/v1/responses', create);
  const snapshot = emulator.snapshot();
  await clock.advance(600_001);
  emulator.restore(snapshot);
  expect(emulator.generations).toBe(300);
  emulator.restore(snapshot);
  expect(emulator.generations).toBe(300);
});

describe('a conversation that continues after a cancelled response', () => {
  test.each([0, 500])(
    'does not contain output of the response, which shows none: cancelled after %d ms',
    async (ms) => {
      const { client, clock, emulator } = api({ queuedMs: 100, runMs: 1000 });
      const first = await client.responses.create({ ...request, background: true });
      await clock.advance(ms);
      expect(await client.responses.cancel(first.id)).toMatchObject({ status: 'cancelled', output: [] });
      const next = await client.responses.create({
        ...request,
        background: true,
        previous_response_id: first.id,
      });
      await clock.advance(2000);
      // The create repeats the cancelled iteration.
      expect(await client.responses.retrieve(next.id)).toMatchObject({
        status: 'completed',
        output: [{ type: 'function_call' }],
      });
      const { data } = await client.responses.inputItems.list(next.id);
      expect(data.map(({ type }) => type)).toEqual(['message', 'message']);
      expect(emulator.requests).toHaveLength(5);
    },
  );
});
