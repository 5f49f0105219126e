import { expect, test } from 'vitest';
import * as z from 'zod';
import { defineAgent } from '../../agent/define-agent.ts';
import { tool } from '../../agent/tool.ts';
import { fetchClient } from '../../client/fetch-client.ts';
import { memoryStore } from '../../store/memory-store.ts';
import { createEmulator } from '../../testing/emulator.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import type { Iteration } from '../../testing/script/iteration.ts';
import { createRunner } from './create-runner.ts';

const baseURL = 'http://openai.test/v1';
const agent = defineAgent({ name: 'a', model: 'm' });

function world(script: readonly Iteration[]) {
  const clock = manualClock();
  const emulator = createEmulator({ script, clock });
  const store = memoryStore({ clock });
  const client = fetchClient({ baseURL, fetch: emulator.fetch });
  return {
    clock,
    emulator,
    store,
    client,
    runner: () => createRunner({ client, clock, store, mode: 'poll' }),
  };
}

test('a view that was not read for more events than the log holds still shows the whole run', async () => {
  const clock = manualClock();
  const call = (word: string) => ({ calls: [{ name: 'count', arguments: { word } }] });
  const emulator = createEmulator({ script: [call('a'), call('b'), call('c'), { text: 'Counted.' }], clock });
  const count = tool({
    name: 'count',
    parameters: z.object({ word: z.string() }),
    execute: (_args, { progress }) => {
      for (let done = 0; done < 6_000; done += 1) progress(done);
    },
  });
  const counting = defineAgent({ name: 'counting', model: 'm', tools: [count] });
  const runner = createRunner({
    client: fetchClient({ baseURL, fetch: emulator.fetch }),
    clock,
    mode: 'poll',
  });
  const run = runner.start(counting, 'Count');
  await clock.advance(60_000);
  expect(run.view.iterations).toHaveLength(4);
  expect(run.view.toolCalls.map((one) => one.status)).toEqual(['completed', 'completed', 'completed']);
  // A late listener starts with a view that contains the events that the log no longer holds.
  const events = run.events()[Symbol.asyncIterator]();
  expect((await events.next()).value).toMatchObject({
    type: 'view',
    view: { runId: run.id, status: 'completed' },
  });
});

test.each([
  ['an unknown phase', { phase: { type: 'zz' } }],
  ['no attempts', { attempts: null }],
  ['an unknown status', { status: 'zz' }],
  ['no policy', { policy: null }],
  ['no usage', { usage: 'q' }],
  ['an owner that is a number', { owner: 5 }],
  ['an owner that is null', { owner: null }],
  ['an empty owner', { owner: '' }],
  ['processed messages that are not a list', { processedMessages: 'q' }],
  ['a processed message without an id', { processedMessages: [{ result: 'applied' }] }],
  ['a processed message with an unknown result', { processedMessages: [{ id: 'm', result: 'zz' }] }],
  [
    'a processed message with invalid calls',
    { processedMessages: [{ id: 'm', result: 'applied', decided: { iteration: 0, calls: [null] } }] },
  ],
])('rejects a saved run with %s', async (_name, damage) => {
  const { clock, runner, client } = world([{ text: 'Hi' }]);
  const run = runner().start(agent, 'Hello');
  await clock.advance(30);
  const { head, items } = run.snapshot();
  const damaged = JSON.parse(JSON.stringify({ head: { ...head, ...damage }, items }));
  const elsewhere = createRunner({ client, clock });
  await expect(elsewhere.resume(agent, damaged)).rejects.toMatchObject({ code: 'unreadable_snapshot' });
  const strange = JSON.parse(JSON.stringify({ head, items: [{ type: 'zz' }] }));
  await expect(elsewhere.resume(agent, strange)).rejects.toMatchObject({ code: 'unreadable_snapshot' });
});

test('after a start with an id that is taken, the run of that id can be resumed here', async () => {
  const { clock, runner } = world([{ text: 'Hi' }]);
  const first = runner().start(agent, 'Hello', { runId: 'taken' });
  await clock.advance(60_000);
  expect(first.view.status).toBe('completed');
  const other = runner();
  const refused = other.start(agent, 'Another', { runId: 'taken' });
  const ended = expect(refused.result()).rejects.toMatchObject({ code: 'conflict' });
  await clock.advance(60_000);
  await ended;
  expect((await other.resume(agent, 'taken')).view).toMatchObject({ status: 'completed', text: 'Hi' });
});

test('rejects an invalid decision and leaves the run unchanged', async () => {
  const { clock, client } = world([{ calls: [{ name: 'ask', callId: 'call_1' }] }, { text: 'Thanks.' }]);
  const ask = tool({ name: 'ask', parameters: z.object({}) });
  const run = createRunner({ client, clock, mode: 'poll' }).start(
    defineAgent({ name: 'asking', model: 'm', tools: [ask] }),
    'Ask',
  );
  await clock.advance(10_000);
  const bad: unknown[] = [
    { type: 'nonsense', callId: 'call_1' },
    { callId: 'call_1' },
    null,
    { type: 'deny', callId: 'call_1', reason: 5 },
    { type: 'error', callId: 'call_1' },
    { type: 'approve', callId: 'call_1' },
  ];
  for (const decision of bad) {
    // Parsed JSON of a form or a webhook may have any type.
    const parsed = JSON.parse(JSON.stringify([decision]));
    await expect(run.respond(parsed)).rejects.toMatchObject({ code: 'decision' });
  }
  expect(run.view.toolCalls).toMatchObject([{ status: 'awaiting_output' }]);
});

test('a call without an id fails the run, because it cannot be answered', async () => {
  const body = {
    id: 'resp_1',
    status: 'completed',
    background: true,
    output: [{ type: 'function_call', name: 'f' }],
  };
  const client = fetchClient({ baseURL, fetch: async () => Response.json(body) });
  const run = createRunner({ client, clock: manualClock() }).start(agent, 'Hello');
  await expect(run.result()).rejects.toMatchObject({ code: 'invalid_response' });
});

test.each([
  ['tool without options', () => Reflect.apply(tool, undefined, [])],
  [
    'a tool whose `idempotent` is a string',
    () => Reflect.apply(tool, undefined, [{ name: 'a', parameters: z.object({}), idempotent: 'no' }]),
  ],
  ['defineAgent without options', () => Reflect.apply(defineAgent, undefined, [])],
  [
    'an agent whose `background` is a string',
    () => Reflect.apply(defineAgent, undefined, [{ name: 'a', model: 'm', background: 'yes' }]),
  ],
  [
    'a request that JSON cannot represent',
    () => defineAgent({ name: 'a', model: 'm', request: { top_p: 1n } }),
  ],
  ['fetchClient without options', () => Reflect.apply(fetchClient, undefined, [])],
  [
    'two agents with the same name',
    () => createRunner({ client: fetchClient({ baseURL }), agents: [agent, agent] }),
  ],
  [
    'a clock that cannot sleep',
    () => Reflect.apply(createRunner, undefined, [{ client: fetchClient({ baseURL }), clock: {} }]),
  ],
  [
    'input that JSON cannot represent',
    () =>
      createRunner({ client: fetchClient({ baseURL }) }).start(
        agent,
        JSON.parse('[{}]', (_key, value) => (Array.isArray(value) ? [{ content: 1n }] : value)),
      ),
  ],
])('%s throws a ConfigurationError immediately', (_name, define) => {
  expect(define).toThrow(expect.objectContaining({ code: 'configuration' }));
});
