import { defineAgent, tool } from '@longhaul/core';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { until } from '../proxy/until.ts';
import { readError, readShown, statusesOf } from './read-answers.ts';
import { startRunsSite, type RunsSite } from './runs-site.ts';
import { slowStore } from './slow-store.ts';

const locate = tool({ name: 'locate', parameters: z.object({}) });
const refund = tool({
  name: 'refund',
  parameters: z.object({ order: z.string() }),
  needsApproval: true,
  execute: () => 'refunded',
});
const agent = defineAgent({ name: 'support', model: 'gpt-6-astra', tools: [locate, refund] });
const calls = [
  {
    calls: [
      { name: 'refund', arguments: { order: 'o1' }, callId: 'call_r' },
      { name: 'locate', callId: 'call_l' },
    ],
  },
  { text: 'Done.' },
];

async function startWaiting(site: RunsSite): Promise<void> {
  await site.post('/runs', { runId: 'run-1', agent: 'support', input: 'Hi' });
  await until(async () => (await site.runner.read('run-1'))?.status === 'requires_action');
}

function decide(site: RunsSite, decisions: readonly object[], iteration = 0): Promise<Response> {
  return site.post('/runs/run-1/decisions', { decisions, iteration });
}

const approve = { type: 'approve', callId: 'call_r' };
const deny = { type: 'deny', callId: 'call_r', reason: 'Too much.' };
const output = { type: 'output', callId: 'call_l', output: { city: 'Paris', at: [1, 2] } };
const failed = { type: 'error', callId: 'call_l', message: 'No signal.' };

test('a decision is answered when its effect is saved, with who has decided', async () => {
  await using site = await startRunsSite({ runnerAgents: [agent], script: calls });
  await startWaiting(site);
  const answer = await decide(site, [deny]);
  expect(answer.status).toBe(202);
  const { view } = await readShown(answer);
  expect(view.toolCalls).toMatchObject([
    { callId: 'call_r', status: 'denied', decidedBy: 'ann', error: { code: 'denied', message: 'Too much.' } },
    { callId: 'call_l', status: 'awaiting_output' },
  ]);
  expect((await decide(site, [output])).status).toBe(202);
  await site.runner.get('run-1')?.result();
});

describe('the same decision again', () => {
  test.each([
    ['an approval', approve],
    ['a denial', deny],
    ['an output', output],
    ['an error', failed],
  ])('%s is answered like the first one, and changes nothing', async (_, decision) => {
    await using site = await startRunsSite({ runnerAgents: [agent], script: calls });
    await startWaiting(site);
    expect((await decide(site, [decision])).status).toBe(202);
    const between = await site.runner.read('run-1');
    for (let times = 0; times < 3; times += 1) expect((await decide(site, [decision])).status).toBe(202);
    expect((await site.runner.read('run-1'))?.toolCalls).toEqual(between?.toolCalls);
    const rest = [approve, output].filter(({ callId }) => callId !== decision.callId);
    expect((await decide(site, rest)).status).toBe(202);
    await site.runner.get('run-1')?.result();
    expect((await decide(site, [decision])).status).toBe(202);
  });

  test.each([
    ['another type', deny, approve],
    ['another reason', deny, { ...deny, reason: 'Because.' }],
    ['no reason', deny, { type: 'deny', callId: 'call_r' }],
    ['another output', output, { ...output, output: { city: 'Rome' } }],
    ['an error in place of an output', output, failed],
    ['another message', failed, { ...failed, message: 'No map.' }],
  ])('with %s is a conflict', async (_, first, second) => {
    await using site = await startRunsSite({ runnerAgents: [agent], script: calls });
    await startWaiting(site);
    expect((await decide(site, [first])).status).toBe(202);
    const refused = await decide(site, [second]);
    expect(refused.status).toBe(409);
    expect(await readError(refused)).toEqual({
      code: 'decision',
      message: `The call ${first.callId} of run run-1 is decided already ("${first.type}"): "${second.type}" does not apply to it.`,
    });
  });

  test('at the same time is answered like the first one', async () => {
    await using site = await startRunsSite({ runnerAgents: [agent], script: calls, store: slowStore() });
    await startWaiting(site);
    const answers = await Promise.all([1, 2, 3, 4].map(() => decide(site, [deny])));
    expect(statusesOf(answers)).toEqual([202, 202, 202, 202]);
    const different = await Promise.all([decide(site, [output]), decide(site, [failed])]);
    expect(statusesOf(different)).toEqual([202, 409]);
  });

  test('together with a new one is a conflict, and the new one has no effect', async () => {
    await using site = await startRunsSite({ runnerAgents: [agent], script: calls });
    await startWaiting(site);
    expect((await decide(site, [deny])).status).toBe(202);
    expect((await decide(site, [deny, output])).status).toBe(409);
    expect((await site.runner.read('run-1'))?.toolCalls).toMatchObject([{}, { status: 'awaiting_output' }]);
  });
});

test.each([
  ['a call that does not exist', { type: 'approve', callId: 'call_x' }],
  ['the wrong kind of decision', { type: 'output', callId: 'call_r', output: 'yes' }],
])('%s is a conflict', async (_, decision) => {
  await using site = await startRunsSite({ runnerAgents: [agent], script: calls });
  await startWaiting(site);
  const refused = await decide(site, [decision]);
  expect(refused.status).toBe(409);
  expect(await readError(refused)).toMatchObject({ code: 'decision' });
});

describe('through a process that does not drive the run', () => {
  async function twoProcesses() {
    const store = slowStore();
    const one = await startRunsSite({ runnerAgents: [agent], script: calls, store });
    const two = await startRunsSite({ runnerAgents: [agent], api: one.api, store });
    await startWaiting(one);
    return {
      one,
      two,
      async [Symbol.asyncDispose]() {
        await two[Symbol.asyncDispose]();
        await one[Symbol.asyncDispose]();
      },
    };
  }

  test('decisions and repetitions have the same answers', async () => {
    await using processes = await twoProcesses();
    const { one, two } = processes;
    const answers = await Promise.all([decide(one, [deny]), decide(two, [deny]), decide(two, [deny])]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect((await decide(two, [approve])).status).toBe(409);
    expect((await decide(two, [output])).status).toBe(202);
    await one.runner.get('run-1')?.result();
    expect((await decide(two, [output])).status).toBe(202);
  });

  test('of two different decisions at the same time, one wins', async () => {
    for (let round = 0; round < 5; round += 1) {
      await using processes = await twoProcesses();
      const { one, two } = processes;
      const answers = await Promise.all([decide(one, [approve]), decide(two, [deny])]);
      expect(statusesOf(answers)).toEqual([202, 409]);
    }
  });

  test('one page of two leases a call', async () => {
    await using processes = await twoProcesses();
    const { one, two } = processes;
    const path = '/runs/run-1/calls/call_l/lease';
    const answers = await Promise.all([one.post(path, {}), two.post(path, {})]);
    expect(statusesOf(answers)).toEqual([200, 409]);
    const lease = z.strictObject({ leaseId: z.string(), expiresAt: z.number() });
    const won = answers.find(({ status }) => status === 200);
    const { leaseId } = lease.parse(await won?.json());
    expect((await two.post(path, { leaseId })).status).toBe(200);
    expect((await decide(two, [output])).status).toBe(409);
    expect((await decide(two, [{ ...output, leaseId }])).status).toBe(202);
    expect((await decide(one, [{ ...output, leaseId }])).status).toBe(202);
  });
});
