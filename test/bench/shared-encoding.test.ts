import { defineAgent, tool } from '@longhaul/core';
import { createRunsHandler } from '@longhaul/core/server';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod';
import { until } from '../proxy/until.ts';
import { EventMessages } from '../runs-handler/event-messages.ts';
import { startRunsSite } from '../runs-handler/runs-site.ts';

const runIds = ['run-1', 'run-2'];
const asking = defineAgent({
  name: 'support',
  model: 'gpt-6-astra',
  tools: [tool({ name: 'locate', parameters: z.object({}) })],
});
const script = [{ calls: [{ name: 'locate', callId: 'call_1' }] }, { text: 'word '.repeat(20) }];
const answerCall = { decisions: [{ type: 'output', callId: 'call_1', output: 'Paris' }], iteration: 0 };

/** Counts how often an event of a run is made into JSON, until the test ends. */
function countEncodings(): { encodings: number } {
  const counter = { encodings: 0 };
  const { stringify } = JSON;
  const spy = vi.spyOn(JSON, 'stringify').mockImplementation((value, ...rest) => {
    if (typeof value?.seq === 'number' && typeof value.type === 'string') counter.encodings += 1;
    return Reflect.apply(stringify, JSON, [value, ...rest]);
  });
  onTestFinished(() => spy.mockRestore());
  return counter;
}

/** The messages with an event that a page receives until both runs have ended. */
async function readEvents(messages: EventMessages): Promise<string[]> {
  let ends = 0;
  const all = await messages.until(({ event }) => event === 'end' && (ends += 1) === runIds.length);
  return all.filter(({ event }) => event === undefined).map(({ data }) => data);
}

describe.each([1, 10, 100])('%i pages watch two runs', (pages) => {
  test('each event of a run is made into JSON once, regardless of the number of pages', async () => {
    await using site = await startRunsSite({ runnerAgents: [asking], script });
    const { runner } = site;
    const limits = { streams: pages };
    const handler = createRunsHandler({ runner, agents: ['support'], authorize: () => 'ann', limits });
    for (const runId of runIds) {
      await site.post('/runs', { runId, agent: 'support', input: 'Hi' });
      await until(async () => (await runner.read(runId))?.status === 'requires_action');
    }
    const counter = countEncodings();
    const watched = `http://site.test/events?runs=${runIds.join(',')}`;
    const answers = await Promise.all(Array.from({ length: pages }, () => handler(new Request(watched))));
    const reading = answers.map((answer) => readEvents(new EventMessages(answer)));
    for (const runId of runIds) await site.post(`/runs/${runId}/decisions`, answerCall);
    const received = await Promise.all(reading);
    const events = new Set(received.flat());
    expect(events.size).toBeGreaterThan(2 * runIds.length);
    expect(counter.encodings).toBe(events.size);
  });
});
