import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { createEmulator, manualClock } from './index.ts';
import { serveEmulator } from './node.ts';

const tools = [
  {
    type: 'function',
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
    strict: true,
  },
] as const;

const script = [{ calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }] }, { text: 'Sunny.' }];

describe('two chained background responses', () => {
  test('the first response is queued, in progress, then completed, and has output only at its end; the second continues it', async () => {
    const clock = manualClock(1_770_757_620_000);
    const emulator = createEmulator({ script, clock, queuedMs: 1000, runMs: 2000 });
    const client = new OpenAI({ fetch: emulator.fetch, apiKey: 'test', maxRetries: 0 });
    const first = await client.responses.create({
      model: 'gpt-4o',
      background: true,
      input: 'Weather?',
      tools: [...tools],
    });
    expect(first).toMatchObject({ status: 'queued', output: [], usage: null, created_at: 1_770_757_620 });
    await clock.advance(1000);
    expect(await client.responses.retrieve(first.id)).toMatchObject({ status: 'in_progress', output: [] });
    await clock.advance(2000);
    const done = await client.responses.retrieve(first.id);
    expect(done).toMatchObject({ status: 'completed', completed_at: 1_770_757_623 });
    const call = done.output[0];
    if (call?.type !== 'function_call') throw new Error('no call');
    const second = await client.responses.create({
      model: 'gpt-4o',
      background: true,
      previous_response_id: first.id,
      input: [{ type: 'function_call_output', call_id: call.call_id, output: 'Sunny' }],
    });
    await clock.advance(3000);
    expect(await client.responses.retrieve(second.id)).toMatchObject({
      status: 'completed',
      output_text: 'Sunny.',
    });
    expect(emulator.generations).toBe(2);
    expect(emulator.requests.map((request) => request.method)).toEqual(['POST', 'GET', 'GET', 'POST', 'GET']);
  });
});

test('accepts request objects of another class, as server adapters pass them', async () => {
  const emulator = createEmulator({ script });
  const given = new Request('http://emulator.test/v1/responses', {
    method: 'POST',
    body: JSON.stringify({ model: 'gpt-4o', input: 'Weather?', background: true }),
  });
  const foreign = new Proxy(given, {
    get: (request, name) => {
      const value: unknown = Reflect.get(request, name, request);
      return typeof value === 'function' ? value.bind(request) : value;
    },
  });
  expect((await emulator.fetch(foreign)).status).toBe(200);
  expect(emulator.requests).toMatchObject([{ method: 'POST', path: '/v1/responses' }]);
});

test('serves the openai client over HTTP', async () => {
  const emulator = createEmulator({ script, runMs: 0 });
  await using server = await serveEmulator(emulator);
  expect(server.url.endsWith('/v1')).toBe(true);
  const client = new OpenAI({ baseURL: server.url, apiKey: 'test', maxRetries: 0 });
  const response = await client.responses.create({ model: 'gpt-4o', input: 'Weather?', tools: [...tools] });
  expect(response.status).toBe('completed');
});

test.each([-7_200_000, -1_000, 7_200_000])(
  'setting the client machine’s clock by %d ms neither hides a response nor stops it',
  async (ms) => {
    const clock = manualClock(1_770_757_620_000);
    const emulator = createEmulator({ script: () => ({ text: 'Hi.' }), clock, queuedMs: 1000, runMs: 2000 });
    const client = new OpenAI({ fetch: emulator.fetch, apiKey: 'test', maxRetries: 0 });
    const first = await client.responses.create({ model: 'gpt-4o', background: true, input: 'Hi' });
    clock.jump(ms);
    expect((await client.responses.retrieve(first.id)).id).toBe(first.id);
    const second = await client.responses.create({ model: 'gpt-4o', background: true, input: 'Hi' });
    expect(second.id).not.toBe(first.id);
    await clock.advance(3000);
    expect(await client.responses.retrieve(first.id)).toMatchObject({ status: 'completed' });
    expect(await client.responses.retrieve(second.id)).toMatchObject({ status: 'completed' });
  },
);
