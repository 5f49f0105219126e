import { createRunner, defineAgent, fetchClient, tool } from '@longhaul/core';
import { createEmulator, manualClock } from '@longhaul/core/testing';
import { expect, test } from 'vitest';
import * as z from 'zod';

const getWeather = tool({
  name: 'get_weather',
  description: 'Current weather in a city.',
  parameters: z.object({ city: z.string() }),
  execute: async ({ city }) => `Sunny in ${city}`,
});
const agent = defineAgent({ name: 'weather', model: 'gpt-6-astra', tools: [getWeather] });

test('the agent asks for the weather, then answers', async () => {
  const clock = manualClock();
  const emulator = createEmulator({
    clock,
    script: [
      { calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }], queuedMs: 30_000, runMs: 60_000 },
      { text: 'Leave the umbrella at home.' },
    ],
  });
  const client = fetchClient({ baseURL: 'http://emulator.test/v1', fetch: emulator.fetch });
  const run = createRunner({ client, clock }).start(agent, 'Should I take an umbrella to Paris?');

  await clock.advance(10 * 60_000); // advances the time by ten minutes

  expect(run.view.status).toBe('completed');
  expect(run.view.text).toBe('Leave the umbrella at home.');
  expect(emulator.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
});
