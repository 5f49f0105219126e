import { createRunner, defineAgent, fetchClient, tool } from '@longhaul/core';
import { signItemId, verifyItemId } from '@longhaul/core/server';
import { createEmulator, type Iteration } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import OpenAI from 'openai';
import { toResponseInputItems } from 'openai/lib/responses/ResponseInputItems';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { readError, readResponse } from './read-json.ts';
import { sendJson, startApi } from './scripted-api.ts';
import { apiKey, secret, startSite } from './site.ts';

const iterations: Iteration[] = [
  { reasoning: 'Two cities.', calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }] },
  { reasoning: 'One more.', text: 'Paris is sunny.' },
];

const weather = defineAgent({
  name: 'weather',
  model: 'm',
  tools: [
    tool({
      name: 'get_weather',
      parameters: z.object({ city: z.string() }),
      execute: ({ city }) => `Sunny in ${city}.`,
    }),
  ],
});

async function setUp(script: readonly Iteration[] = iterations) {
  const emulator = createEmulator({ script: [...script], apiKey, queuedMs: 0, runMs: 10 });
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

const rawItem = /\b(?:rs|fc|msg)_[0-9a-f]{50}\b/;

test.each(['poll', 'stream'] as const)(
  'a run with a lost chain is replayed through a proxy with default options: %s (Azure loses calls)',
  async (mode) => {
    await using servers = await setUp();
    const { site, emulator } = servers;
    emulator.inject({ fault: 'azure-loses-calls' });
    const client = fetchClient({ baseURL: site.url, headers: { 'x-user': 'ann' } });
    const runner = createRunner({ client, mode, polling: { minMs: 5, maxMs: 20 } });
    const { text, view } = await runner.start(weather, 'How is the weather?').result();
    expect(text).toBe('Paris is sunny.');
    expect(emulator.generations).toBe(2);
    expect(JSON.stringify(view)).not.toMatch(rawItem);
    const last = JSON.stringify(emulator.requests.at(-1)?.body ?? emulator.requests);
    expect(last).not.toMatch(/(?:rs|fc|msg)_AQ/);
    await runner.close();
  },
);

test('items have the same ids in the stream of their create, in its snapshots, and in every retrieve', async () => {
  await using servers = await setUp();
  const { site } = servers;
  const create = { model: 'm', input: 'Hi', background: true, stream: true };
  const key = { 'idempotency-key': 'k' };
  const text = await (await site.create(create, { headers: key })).text();
  const [, id] = /"id":"(resp_[\w-]+)"/.exec(text) ?? [];
  const polled = await (await site.ask(`/responses/${id}`)).text();
  const again = await (await site.ask(`/responses/${id}?stream=true`)).text();
  const repeated = await (await site.create(create, { headers: key })).text();
  const inOneForm = await (await site.create({ ...create, stream: false }, { headers: key })).text();
  const named = (body: string): readonly string[] =>
    [...new Set(body.match(/\b(?:rs|fc)_[\w-]+/g))].toSorted();
  expect(named(text)).toHaveLength(2);
  for (const body of [polled, again, repeated, inOneForm]) expect(named(body)).toEqual(named(text));
  expect(text).not.toMatch(rawItem);
});

test('accepts the input that openai’s helper creates from a response', async () => {
  await using servers = await setUp();
  const { site, emulator } = servers;
  const client = new OpenAI({
    baseURL: site.url,
    apiKey: 'none of its own',
    defaultHeaders: { 'x-user': 'ann' },
    maxRetries: 0,
  });
  const first = await client.responses.create({ model: 'm', input: 'Hi' });
  const output = { type: 'function_call_output' as const, call_id: '', output: 'Sunny.' };
  const call = first.output.find((item) => item.type === 'function_call');
  const second = await client.responses.create({
    model: 'm',
    input: [
      { role: 'user', content: 'Hi' },
      ...toResponseInputItems(first.output),
      { ...output, call_id: call?.call_id ?? '' },
    ],
  });
  expect(second.output_text).toBe('Paris is sunny.');
  expect(JSON.stringify(emulator.requests.at(-1)?.body)).toMatch(rawItem);
});

test('accepts references to items by id alone, as useChat sends them, and only from their principal', async () => {
  await using servers = await setUp();
  const { site, emulator } = servers;
  const first = await readResponse(await site.create({ model: 'm', input: 'Hi' }));
  const names = [...new Set(JSON.stringify(first).match(/\b(?:rs|fc)_[\w-]+/g))];
  const [, callId] = /"call_id":"(\w+)"/.exec(JSON.stringify(first)) ?? [];
  const create = {
    model: 'm',
    input: [
      { role: 'user', content: 'Hi' },
      ...names.map((id) => ({ type: 'item_reference', id })),
      { type: 'function_call_output', call_id: callId, output: 'Sunny.' },
    ],
  };
  const stolen = await site.create(create, { user: 'bob' });
  expect(stolen.status).toBe(400);
  expect(await readError(stolen)).toMatchObject({ code: 'reference_not_allowed', param: 'input[1]' });
  expect(emulator.requests).toHaveLength(1);
  expect((await site.create(create)).status).toBe(200);
});

test('an error of the API reaches the client with the signed id of an item', async () => {
  await using api = await startApi((_request, outgoing) => {
    const message = "Item 'rs_1' of type 'reasoning' was provided without its required following item.";
    sendJson(outgoing, { error: { message, type: 'invalid_request_error', param: null, code: null } }, 400);
  });
  await using site = await startSite(api);
  const id = await signItemId('rs_1', { secret, principal: 'ann' });
  const answer = await site.create({ model: 'm', input: [{ type: 'reasoning', id, summary: [] }] });
  expect((await readError(answer)).message).toContain(`Item '${id}' of type`);
});

test('verifyItemId returns the raw id only for the principal of the item', async () => {
  const name = await signItemId('msg_raw', { secret, principal: { id: 'ann' } });
  expect(
    await verifyItemId(name, { secret: ['a newer secret, which does not fit it', secret], principal: 'ann' }),
  ).toBe('msg_raw');
  expect(await verifyItemId(name, { secret, principal: 'bob' })).toBeUndefined();
  expect(await verifyItemId('msg_raw', { secret, principal: 'ann' })).toBeUndefined();
});
