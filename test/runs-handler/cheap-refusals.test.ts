import { defineAgent, memoryStore, tool, type RunStore } from '@longhaul/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { until } from '../proxy/until.ts';
import { EventMessages } from './event-messages.ts';
import { readError } from './read-answers.ts';
import { startRunsSite } from './runs-site.ts';

const locate = tool({ name: 'locate', parameters: z.object({}) });
const asking = defineAgent({ name: 'support', model: 'gpt-6-astra', tools: [locate] });
const callLocate = [{ calls: [{ name: 'locate', callId: 'call_1' }] }, { text: 'There.' }];
const start = { runId: 'run-1', agent: 'support', input: 'Hi' };

/** A store whose calls are recorded by name. The runner watches the store and looks at runs in the background, so these calls are not recorded. */
function recorded(store: Required<RunStore>) {
  const calls: string[] = [];
  const seen: Required<RunStore> = {
    ...store,
    load: (runId) => {
      calls.push('load');
      return store.load(runId);
    },
    list: (filter) => {
      calls.push('list');
      return store.list(filter);
    },
  };
  return { seen, calls };
}

const requests: readonly [method: string, path: (id: string) => string, body?: (id: string) => unknown][] = [
  ['GET', (id) => `/runs/${id}`],
  ['GET', (id) => `/runs/${id}/events`],
  ['GET', (id) => `/events?runs=${id}`],
  ['GET', (id) => `/runs?after=${id}`],
  ['POST', (id) => `/runs/${id}/decisions`, () => ({ decisions: [], iteration: 0 })],
  ['POST', (id) => `/runs/${id}/cancel`, () => ({})],
  ['POST', (id) => `/runs/${id}/resume`, () => ({})],
  ['POST', (id) => `/runs/${id}/calls/call_1/lease`, () => ({})],
  ['POST', () => '/runs', (id) => ({ ...start, runId: 'new', continueFrom: id })],
  ['DELETE', (id) => `/runs/${id}`],
];

test.each(requests)(
  'a %s request for another owner’s run loads nothing: %#',
  async (method, path, bodyOf) => {
    const store = memoryStore();
    await using one = await startRunsSite({ store, runnerAgents: [asking], script: callLocate });
    await one.post('/runs', start);
    const { seen, calls } = recorded(store);
    await using two = await startRunsSite({ store: seen, runnerAgents: [asking], api: one.api });
    /** The answer to the visitor, and the calls of the store. The stream of several runs stays open. */
    const cost = async (id: string): Promise<unknown> => {
      calls.length = 0;
      const answer = await two.ask(path(id), { user: 'eve', method, body: bodyOf?.(id) });
      if (answer.status !== 200)
        return { status: answer.status, text: await answer.text(), calls: [...calls] };
      await using events = new EventMessages(answer);
      const message = await events.next();
      return { event: message?.event, calls: calls.filter((call) => call === 'load') };
    };
    const foreign = await cost('run-1');
    expect(foreign).toEqual(await cost('none'));
    expect(calls).not.toContain('load');
  },
);

test('a start with the id of another owner’s run is refused without loading the run', async () => {
  const store = memoryStore();
  await using one = await startRunsSite({ store });
  await one.post('/runs', start);
  const { seen, calls } = recorded(store);
  await using two = await startRunsSite({ store: seen, api: one.api });
  const refused = await two.post('/runs', start, { user: 'eve' });
  expect(refused.status).toBe(409);
  expect(await readError(refused)).toEqual({ code: 'conflict', message: 'The id of the run is taken.' });
  expect(calls).not.toContain('load');
});

test('with a store that ignores `runId` in its filter, the owner sees the run, and another visitor does not', async () => {
  const store = memoryStore();
  await using one = await startRunsSite({ store });
  await one.post('/runs', start);
  await one.post('/runs', { ...start, runId: 'run-2' });
  const older: RunStore = { ...store, list: ({ runId: _runId, ...filter } = {}) => store.list(filter) };
  await using two = await startRunsSite({ store: older, api: one.api });
  expect((await two.ask('/runs/run-1')).status).toBe(200);
  expect((await two.ask('/runs/run-1', { user: 'eve' })).status).toBe(404);
  expect((await two.ask('/runs/none')).status).toBe(404);
});

test('a new owner sees a run whose handle in this process has the former owner', async () => {
  const store = memoryStore();
  await using one = await startRunsSite({ store, runnerAgents: [asking], script: callLocate });
  await one.post('/runs', start);
  await until(async () => (await one.runner.read('run-1'))?.status === 'requires_action');
  // The other process is not notified, so its handle is older than the store.
  const { watch: _watch, ...silent } = store;
  await using two = await startRunsSite({ store: silent, runnerAgents: [asking], api: one.api });
  await using events = new EventMessages(await two.ask('/runs/run-1/events'));
  await events.next();
  await one.runner.assignOwner('run-1', 'bob');
  const ofBob = async (): Promise<number> => (await two.ask('/runs/run-1', { user: 'bob' })).status;
  await expect.poll(ofBob).toBe(200);
});
