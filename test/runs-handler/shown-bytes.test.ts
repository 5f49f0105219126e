import { defineAgent, tool } from '@longhaul/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { until } from '../proxy/until.ts';
import { readShown } from './read-answers.ts';
import { startRunsSite, type RunsSite, type SiteOptions } from './runs-site.ts';

const cases = tool({
  name: 'find_case',
  description: 'MARKER-DESCRIPTION',
  parameters: z.object({ number: z.string().describe('MARKER-SCHEMA') }),
  private: true,
  execute: ({ number }) => ({ number, note: 'MARKER-PRIVATE-OUTPUT' }),
});
const failing = tool({
  name: 'failing',
  parameters: z.object({}),
  execute: () => {
    throw new Error('MARKER-ERROR at postgres://user:pw@10.0.0.7');
  },
});
const pay = tool({
  name: 'pay',
  parameters: z.object({ account: z.string(), amount: z.number() }),
  private: true,
  needsApproval: true,
  approvalView: ({ amount }) => ({ amount }),
  execute: () => 'MARKER-PAID',
});
const agent = defineAgent({
  name: 'support',
  model: 'gpt-6-astra',
  instructions: 'MARKER-INSTRUCTIONS',
  tools: [cases, failing, pay],
  request: { metadata: { site: 'MARKER-METADATA' } },
});

const script: SiteOptions['script'] = [
  {
    calls: [
      { name: 'find_case', arguments: { number: 'MARKER-PRIVATE-ARGUMENT' }, callId: 'call_1' },
      { name: 'failing', callId: 'call_2' },
    ],
  },
  { calls: [{ name: 'pay', arguments: { account: 'MARKER-ACCOUNT', amount: 7 }, callId: 'call_3' }] },
  { text: 'All is paid.' },
];

/** All bytes that pages receive while a run is started, watched, decided about and listed. */
async function bytesOf(site: RunsSite): Promise<string> {
  const parts: string[] = [];
  const read = async (answer: Response | Promise<Response>): Promise<void> => {
    const { headers, body } = await answer;
    parts.push(JSON.stringify([...headers]), await new Response(body).text());
  };
  await read(site.post('/runs', { runId: 'run-1', agent: 'support', input: 'Hi' }));
  const single = site.ask('/runs/run-1/events').then(read);
  await until(async () => (await site.runner.read('run-1'))?.status === 'requires_action');
  await read(site.ask('/runs/run-1'));
  const multi = new AbortController();
  const several = site.ask('/events?runs=run-1,nothing', { signal: multi.signal });
  const reader = (await several).body?.pipeThrough(new TextDecoderStream()).getReader();
  await read(
    site.post('/runs/run-1/decisions', { decisions: [{ type: 'deny', callId: 'call_x' }], iteration: 1 }),
  );
  await read(
    site.post('/runs/run-1/decisions', { decisions: [{ type: 'approve', callId: 'call_3' }], iteration: 1 }),
  );
  await single;
  let text = '';
  while (!text.includes('event: end')) text += (await reader?.read())?.value ?? '';
  await reader?.cancel();
  parts.push(text);
  await read(
    site.post('/runs/run-1/decisions', { decisions: [{ type: 'deny', callId: 'call_3' }], iteration: 1 }),
  );
  await read(site.post('/runs', { runId: 'run-1', agent: 'support', input: 'Ho' }));
  await read(site.ask('/runs'));
  await read(site.ask('/runs/run-1/events?after=5'));
  await read(site.ask('/runs/run-1', { method: 'DELETE' }));
  return parts.join('\n');
}

test('no byte of instructions, definitions, response ids, private arguments and errors reaches a page', async () => {
  await using site = await startRunsSite({ runnerAgents: [agent], script });
  const bytes = await bytesOf(site);
  expect(bytes).toContain('All is paid.');
  expect(bytes).toContain('find_case');
  expect(bytes).toContain('"approvalView":{"amount":7}');
  expect(bytes).toContain('The tool failed.');
  expect(bytes.match(/MARKER-[A-Z-]+/g)).toBeNull();
  expect(bytes).not.toContain('10.0.0.7');
  const sent = JSON.stringify(site.api.requests);
  const ids = new Set(sent.match(/\b(?:resp|msg|fc|rs)_[0-9a-f]{16,}/g));
  const responses = [...ids].filter((id) => id.startsWith('resp_'));
  expect(responses.length).toBeGreaterThan(0);
  for (const id of responses) expect(bytes).not.toContain(id);
  expect(sent).toContain('MARKER-INSTRUCTIONS');
  expect(site.errors).toEqual([]);
});

test('with `showErrors` and `showRequests`, a page sees the texts of errors and the requests', async () => {
  await using site = await startRunsSite({
    runnerAgents: [agent],
    script,
    showErrors: true,
    showRequests: true,
  });
  const bytes = await bytesOf(site);
  expect(bytes).toContain('MARKER-ERROR');
  expect(bytes).toContain('MARKER-INSTRUCTIONS');
});

test('a run of an agent that this server no longer has shows no calls', async () => {
  await using former = await startRunsSite({ runnerAgents: [agent], script });
  await former.post('/runs', { runId: 'run-1', agent: 'support', input: 'Hi' });
  await until(async () => (await former.runner.read('run-1'))?.status === 'requires_action');
  const snapshot = former.runner.get('run-1')?.snapshot();
  if (snapshot === undefined) throw new Error('The run is not there.');
  const other = defineAgent({ name: 'other', model: 'gpt-6-astra' });
  await using site = await startRunsSite({ runnerAgents: [other] });
  await site.runner.resume(agent, snapshot);
  const answer = await site.ask('/runs/run-1');
  const { view } = await readShown(answer);
  expect(view.toolCalls).toMatchObject([{ name: 'find_case' }, { name: 'failing' }, { name: 'pay' }]);
  expect(JSON.stringify(view)).not.toContain('MARKER-PRIVATE');
});
