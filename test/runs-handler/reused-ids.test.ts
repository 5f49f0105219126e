import { defineAgent, memoryStore, tool } from '@longhaul/core';
import { manualClock } from '@longhaul/core/testing';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { until } from '../proxy/until.ts';
import { EventMessages, readEvent } from './event-messages.ts';
import { startRunsSite, type RunsSite } from './runs-site.ts';

const locate = tool({ name: 'locate', parameters: z.object({}) });
const asking = defineAgent({ name: 'support', model: 'gpt-6-astra', tools: [locate] });
const call = { calls: [{ name: 'locate', callId: 'call_1' }] };

async function startWaiting(site: RunsSite, input: string): Promise<void> {
  await site.post('/runs', { runId: 'run-1', agent: 'support', input });
  await until(async () => (await site.runner.read('run-1'))?.status === 'requires_action');
}

test('a stream of a deleted run ends without an effect on the stream of a new run with the same id', async () => {
  const store = memoryStore();
  const clock = manualClock();
  await using one = await startRunsSite({
    store,
    runnerAgents: [asking],
    script: [call, { text: 'There.' }],
  });
  await using two = await startRunsSite({ store, runnerAgents: [asking], api: one.api, clock });
  await startWaiting(one, 'first');
  const old = new EventMessages(await two.ask('/runs/run-1/events'));
  await old.next();
  await one.runner.get('run-1')?.cancel();
  await one.runner.delete('run-1');
  await startWaiting(one, 'second');
  await using current = new EventMessages(await two.ask('/runs/run-1/events'));
  const first = readEvent((await current.next()) ?? { data: '' });
  expect(first).toMatchObject({ type: 'view', view: { input: 'second', status: 'requires_action' } });
  // The page of the old run leaves, and the handler forgets its feed.
  await old[Symbol.asyncDispose]();
  await clock.advance(60_000);
  expect(two.runner.runs.map(({ view }) => view.input)).toEqual(['second']);
  const answer = { decisions: [{ type: 'output', callId: 'call_1', output: 'Paris' }], iteration: 0 };
  expect((await one.post('/runs/run-1/decisions', answer)).status).toBe(202);
  const rest = await current.until();
  expect(rest.at(-1)?.event).toBe('end');
  await until(async () => {
    await clock.advance(1_000);
    return two.runner.runs.length === 0;
  });
});
