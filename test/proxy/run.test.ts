import { createRunner, defineAgent, fetchClient, tool } from '@longhaul/core';
import { createEmulator, type Iteration } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { apiKey, startSite } from './site.ts';

const iterations: Iteration[] = [
  {
    reasoning: 'Two cities.',
    calls: [
      { name: 'get_weather', arguments: { city: 'Paris' } },
      { name: 'get_weather', arguments: { city: 'Rome' } },
    ],
  },
  { calls: [{ name: 'get_weather', arguments: { city: 'Oslo' } }] },
  { text: 'Paris, Rome and Oslo are sunny.' },
];

const weather = defineAgent({
  name: 'weather',
  model: 'm',
  instructions: 'Be brief.',
  tools: [
    tool({
      name: 'get_weather',
      parameters: z.object({ city: z.string() }),
      execute: ({ city }) => `Sunny in ${city}.`,
    }),
  ],
});

test.each(['poll', 'stream'] as const)(
  'a run of three iterations goes through the proxy: %s',
  async (mode) => {
    const emulator = createEmulator({ script: iterations, apiKey, queuedMs: 5, runMs: 20 });
    await using api = await serveEmulator(emulator);
    await using site = await startSite({ baseURL: api.url });
    const client = fetchClient({ baseURL: site.url, headers: { 'x-user': 'ann' } });
    const runner = createRunner({ client, mode, polling: { minMs: 5, maxMs: 20 } });
    const result = await runner.start(weather, 'How is the weather?').result();
    expect(result.text).toBe('Paris, Rome and Oslo are sunny.');
    expect(emulator.generations).toBe(3);
    expect(result.view.warnings).toEqual([]);
    const creates = emulator.requests.filter(({ method }) => method === 'POST');
    expect(creates).toHaveLength(3);
    expect(site.errors).toEqual([]);
    await runner.close();
  },
);

test('a run with the openai package goes through the proxy', async () => {
  const emulator = createEmulator({ script: iterations, apiKey, queuedMs: 5, runMs: 20 });
  await using api = await serveEmulator(emulator);
  await using site = await startSite({ baseURL: api.url });
  const client = new OpenAI({
    baseURL: site.url,
    apiKey: 'none of its own',
    defaultHeaders: { 'x-user': 'ann' },
    maxRetries: 0,
  });
  const runner = createRunner({ client, polling: { minMs: 5, maxMs: 20 } });
  const result = await runner.start(weather, 'How is the weather?').result();
  expect(result.text).toBe('Paris, Rome and Oslo are sunny.');
  await runner.close();
});
