import { expect, test } from 'vitest';
import { defineAgent } from '../../agent/define-agent.ts';
import { tool } from '../../agent/tool.ts';
import { fetchClient } from '../../client/fetch-client.ts';
import { memoryStore } from '../../store/memory-store.ts';
import { createEmulator } from '../../testing/emulator.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import { createRunner } from '../runner/create-runner.ts';

test('a run that resumes from a state with an open stream reopens the stream immediately, and does not wait for a timer', async () => {
  const clock = manualClock();
  const emulator = createEmulator({ script: [{ text: 'Hi', queuedMs: 1_000, runMs: 60_000 }], clock });
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const agent = defineAgent({ name: 'a', model: 'm' });
  const run = createRunner({ client, clock }).start(agent, 'Hello');
  await clock.advance(2_000);
  expect(run.view.waiting).toMatchObject({ mode: 'stream', responseStatus: 'in_progress' });

  const elsewhere = createRunner({ client, clock, store: memoryStore({ clock }) });
  const again = await elsewhere.resume(agent, run.snapshot());
  await clock.advance(100);
  expect(emulator.requests.map(({ method, query }) => [method, query])).toEqual([
    ['POST', {}],
    ['GET', { stream: 'true' }],
  ]);
  await clock.advance(120_000);
  expect(again.view).toMatchObject({ status: 'completed', text: 'Hi' });
});

test("a tool's progress is in the view while the tool runs, and is emitted as an event", async () => {
  const clock = manualClock();
  const emulator = createEmulator({ script: [{ calls: [{ name: 'slow' }] }, { text: 'Hi' }], clock });
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const slow = tool({
    name: 'slow',
    parameters: { jsonSchema: { type: 'object', properties: {}, required: [], additionalProperties: false } },
    execute: async (_args, { progress, signal }) => {
      progress({ done: 1 });
      await clock.sleep(5_000, signal);
      return 'ready';
    },
  });
  const agent = defineAgent({ name: 'a', model: 'm', tools: [slow] });
  const run = createRunner({ client, clock }).start(agent, 'Hello');
  await clock.advance(3_000);
  expect(run.view.toolCalls).toMatchObject([{ status: 'running', progress: { done: 1 } }]);
  await clock.advance(60_000);
  const types: string[] = [];
  for await (const event of run.events()) types.push(event.type);
  expect(types).toContain('tool.progress');
});

const circle: { self?: unknown } = {};
circle.self = circle;

test.each<[string, unknown, unknown]>([
  ['a bigint', 10n, 'bigint that JSON cannot represent'],
  ['a circle', circle, 'object that JSON cannot represent'],
  ['a function', () => 1, 'function that JSON cannot represent'],
  ['a symbol', Symbol('s'), 'symbol that JSON cannot represent'],
  ['undefined', undefined, null],
])(
  'progress that JSON cannot represent becomes a text, or null for undefined, and does not fail the tool: %s',
  async (_name, value, shown) => {
    const clock = manualClock();
    const emulator = createEmulator({ script: [{ calls: [{ name: 'slow' }] }, { text: 'Hi' }], clock });
    const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
    const slow = tool({
      name: 'slow',
      strict: false,
      parameters: { jsonSchema: { type: 'object' } },
      execute: (_args, { progress }) => {
        progress(value);
        return 'ready';
      },
    });
    const agent = defineAgent({ name: 'a', model: 'm', tools: [slow] });
    const run = createRunner({ client, clock }).start(agent, 'Hello');
    await clock.advance(60_000);
    const view = await run.done();
    expect(view).toMatchObject({ status: 'completed', toolCalls: [{ status: 'completed' }] });
    const told: unknown[] = [];
    for await (const event of run.events()) if (event.type === 'tool.progress') told.push(event.progress);
    expect(told).toEqual([shown]);
  },
);
