import { createRunner, defineAgent, fetchClient, tool } from '@longhaul/core';
import { createEmulator, manualClock } from '@longhaul/core/testing';
import { expect, test } from 'vitest';
import { scenarios } from '../../src/scenarios/scenarios.ts';
import { simulatedModel } from './simulated-model.ts';

const names = [
  'calculate',
  'query_data',
  'draw_chart',
  'simulate_weather',
  'read_page',
  'measure_page',
  'save_note',
  'list_notes',
  'ask_person',
] as const;

const serverNames = [
  'query_orders',
  'draw_chart',
  'sign_offer',
  'send_offer',
  'ask_person',
  'browser_settings',
  'read_page',
  'measure_page',
] as const;

/** Tools that all fail. The model must still finish. */
function failingTools(of: readonly string[]) {
  return of.map((name) =>
    tool({
      name,
      parameters: { jsonSchema: { type: 'object', properties: {}, additionalProperties: true } },
      strict: false,
      execute: () => {
        throw new Error('not here');
      },
    }),
  );
}
const failing = failingTools(names);

const ownTasks = ['Something of my own', '6 * 7'];
const tasks = [
  ...[...scenarios.page.map(({ prompt }) => prompt), ...ownTasks].map((task) => ['page', task] as const),
  ...[...scenarios.server.map(({ prompt }) => prompt), ...ownTasks].map((task) => ['server', task] as const),
];

test.each(tasks)('answers even if every tool fails, in the %s: %s', async (place, task) => {
  const clock = manualClock();
  const emulator = createEmulator({ script: (request) => simulatedModel(request, 1), clock });
  const agent = defineAgent({
    name: 'demo',
    model: 'gpt-6-astra',
    tools: failingTools(place === 'page' ? names : serverNames),
  });
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const runner = createRunner({ client, clock, limits: { consecutiveToolErrors: 100 } });
  const run = runner.start(agent, task);
  await clock.advance(600_000);
  expect(run.view.status).toBe('completed');
  expect(run.view.text).not.toBe('');
  expect(run.view.toolCalls.length).toBeGreaterThan(0);
});

test('the next turn of a conversation starts the script again', async () => {
  const clock = manualClock();
  const emulator = createEmulator({ script: (request) => simulatedModel(request, 1), clock });
  const agent = defineAgent({ name: 'demo', model: 'gpt-6-astra', tools: failing });
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const runner = createRunner({ client, clock, limits: { consecutiveToolErrors: 100 } });
  const first = runner.start(agent, '6 * 7');
  await clock.advance(600_000);
  const second = runner.start(agent, 'Something of my own', { continueFrom: first.id });
  await clock.advance(600_000);
  expect(second.view.status).toBe('completed');
  expect(second.view.toolCalls).toHaveLength(first.view.toolCalls.length);
});

test('a failed call is repeated, and its result replaces the error', async () => {
  const clock = manualClock();
  const emulator = createEmulator({ script: (request) => simulatedModel(request, 1), clock });
  let calls = 0;
  const simulate = tool({
    name: 'simulate_weather',
    parameters: { jsonSchema: { type: 'object', properties: {}, additionalProperties: true } },
    strict: false,
    execute: () => {
      calls += 1;
      // The first two are Seattle and New York; Seattle fails.
      if (calls === 1) throw new Error('stopped');
      return { probability: calls === 2 ? 0.5 : 0.25, margin: 0.01, samples: 1_000 };
    },
  });
  const others = failing.filter(({ name }) => name !== 'simulate_weather');
  const agent = defineAgent({ name: 'demo', model: 'gpt-6-astra', tools: [simulate, ...others] });
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const runner = createRunner({ client, clock, limits: { consecutiveToolErrors: 100 } });
  const task = scenarios.page.find(({ id }) => id === 'odds')?.prompt ?? '';
  const run = runner.start(agent, task);
  await clock.advance(600_000);
  expect(calls).toBe(3);
  expect(run.view.text).toContain('| Seattle | **25 %**');
  expect(run.view.text).toContain('| New York | **50 %**');
});
