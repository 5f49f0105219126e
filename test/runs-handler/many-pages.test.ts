import { defineAgent, tool } from '@longhaul/core';
import { createRunsHandler } from '@longhaul/core/server';
import { expect, test, vi } from 'vitest';
import * as z from 'zod';
import { until } from '../proxy/until.ts';
import { EventMessages, readEvent } from './event-messages.ts';
import { startRunsSite } from './runs-site.ts';

const asking = defineAgent({
  name: 'support',
  model: 'gpt-6-astra',
  tools: [tool({ name: 'locate', parameters: z.object({}) })],
});
const answerCall = { decisions: [{ type: 'output', callId: 'call_1', output: 'Paris' }], iteration: 0 };
const long = 'word '.repeat(20_000);
const script = [{ calls: [{ name: 'locate', callId: 'call_1' }] }, { text: long }];
const start = { runId: 'run-1', agent: 'support', input: 'Hi' };

test('a thousand pages share the encoding of each event', async () => {
  await using site = await startRunsSite({ runnerAgents: [asking], script });
  const handler = createRunsHandler({
    runner: site.runner,
    agents: ['support'],
    authorize: () => 'ann',
    limits: { streams: 1_000 },
  });
  await site.post('/runs', start);
  await until(async () => (await site.runner.read('run-1'))?.status === 'requires_action');
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, () => handler(new Request('http://site.test/runs/run-1/events'))),
  );
  const encode = vi.spyOn(TextEncoder.prototype, 'encode');
  const texts = answers.map((answer) => answer.text());
  await site.post('/runs/run-1/decisions', answerCall);
  const [first = '', ...others] = await Promise.all(texts);
  const messages = first.split('\n\n').length;
  expect(encode.mock.calls.length).toBeLessThan(2 * messages);
  encode.mockRestore();
  expect(first).toContain('event: end');
  expect(others.every((text) => text === first)).toBe(true);
});

test('a page that reads slowly gets the view in place of the events that it missed, and misses nothing', async () => {
  await using site = await startRunsSite({ runnerAgents: [asking], script });
  const handler = createRunsHandler({ runner: site.runner, agents: ['support'], authorize: () => 'ann' });
  await site.post('/runs', start);
  await until(async () => (await site.runner.read('run-1'))?.status === 'requires_action');
  const slow = await handler(new Request('http://site.test/runs/run-1/events'));
  const fast = await handler(new Request('http://site.test/runs/run-1/events'));
  const all = fast.text();
  await site.post('/runs/run-1/decisions', answerCall);
  await site.runner.get('run-1')?.result();
  await all;
  await using events = new EventMessages(slow);
  const messages = await events.until();
  expect(messages.at(-1)?.event).toBe('end');
  const shown = messages.slice(0, -1).map(readEvent);
  const numbers = shown.map(({ seq }) => seq);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  const last = shown.findLast(({ type }) => type === 'view');
  const after = shown.slice(shown.findLastIndex(({ type }) => type === 'view') + 1);
  expect(after.some(({ type }) => type === 'run.ended') || JSON.stringify(last).includes('completed')).toBe(
    true,
  );
});
