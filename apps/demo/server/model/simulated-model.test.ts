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

const ownTask = 'Something of my own';
const ownTasks = [ownTask, '6 * 7'];
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
  if (task !== ownTask) expect(run.view.toolCalls.length).toBeGreaterThan(0);
});

test('the next turn of a conversation starts the script again', async () => {
  const clock = manualClock();
  const emulator = createEmulator({ script: (request) => simulatedModel(request, 1), clock });
  const agent = defineAgent({ name: 'demo', model: 'gpt-6-astra', tools: failing });
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const runner = createRunner({ client, clock, limits: { consecutiveToolErrors: 100 } });
  const first = runner.start(agent, '6 * 7');
  await clock.advance(600_000);
  const second = runner.start(agent, '10 / 4', { continueFrom: first.id });
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

/** Runs one conversation, whose tools work. */
function conversation() {
  const clock = manualClock();
  const emulator = createEmulator({ script: (request) => simulatedModel(request, 1), clock });
  const calculate = tool({
    name: 'calculate',
    parameters: { jsonSchema: { type: 'object', properties: {}, additionalProperties: true } },
    strict: false,
    execute: () => ({ result: 42 }),
  });
  const agent = defineAgent({ name: 'demo', model: 'gpt-6-astra', tools: [calculate] });
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const runner = createRunner({ client, clock });
  return { clock, agent, runner };
}

test('a question that the model does not understand is answered honestly, without tools and without data', async () => {
  const { clock, agent, runner } = conversation();
  const run = runner.start(agent, 'Who won the cup in 1998?');
  await clock.advance(600_000);
  expect(run.view.toolCalls).toEqual([]);
  expect(run.view.text).toContain('I am a *simulated* model');
  expect(run.view.text).toContain('OPENAI_API_KEY');
  expect(run.view.text).not.toMatch(/rain in|°C/);
});

test('the model repeats the conversation, including its own answers', async () => {
  const { clock, agent, runner } = conversation();
  const first = runner.start(agent, '6 * 7');
  await clock.advance(600_000);
  const second = runner.start(agent, 'What did I ask before?', { continueFrom: first.id });
  await clock.advance(600_000);
  expect(second.view.text).toContain('You asked: “6 * 7” I wrote: “6 * 7 = 42”');
  const third = runner.start(agent, 'Tell me a joke', { continueFrom: second.id });
  await clock.advance(600_000);
  expect(third.view.text).toContain('Before this, you asked: “What did I ask before?”');
});

test('input that was added while the model works is quoted in the answer, and does not end the task', async () => {
  const { clock, agent, runner } = conversation();
  const run = runner.start(agent, '6 * 7');
  await clock.advance(1_000);
  const steered = run.steer('and in words, please');
  await clock.advance(600_000);
  await steered;
  expect(run.view.text).toContain('6 * 7 = 42');
  expect(run.view.text).toContain('> and in words, please');
});

test('a file is counted, and the model says that it cannot read it', async () => {
  const { clock, agent, runner } = conversation();
  const image = { type: 'input_image', image_url: 'data:image/png;base64,AAAA' };
  const run = runner.start(agent, [
    { role: 'user', content: [image] },
    { role: 'user', content: 'What is this?' },
  ]);
  await clock.advance(600_000);
  expect(run.view.text).toContain('I have received your file');
});
