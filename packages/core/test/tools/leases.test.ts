import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { outputsIn } from '../../test-support/outputs-in.ts';
import { scenario } from '../../test-support/scenario.ts';
import { tool } from '../../src/agent/tool.ts';

const leaseMs = 30_000;

/** A run whose call waits for an output of a page. */
async function waiting(options: { readonly idempotent?: boolean } = {}) {
  const locate = tool({ name: 'locate', parameters: z.object({}), ...options });
  const script = [{ calls: [{ name: 'locate', callId: 'call_1' }] }, { text: 'Done.' }];
  const s = scenario({ script, tools: [locate] });
  const run = s.start('Where?', { runId: 'r' });
  await s.clock.advance(20_000);
  expect(run.view.status).toBe('requires_action');
  const call = () => run.view.toolCalls[0];
  return { ...s, run, call };
}

describe('a leased call', () => {
  test('stays `awaiting_output`, and its run counts as running tools', async () => {
    const s = await waiting();
    const { expiresAt } = await s.settle(s.run.lease('call_1'));
    expect(expiresAt).toBeGreaterThan(s.clock.now());
    expect(s.call()).toMatchObject({ status: 'awaiting_output' });
    expect(s.call()?.leasedUntil).toBeGreaterThanOrEqual(expiresAt);
    expect(s.run.view).toMatchObject({ status: 'running_tools', driver: 'here' });
    const loaded = await s.settle(s.reboot().follow('r'));
    expect(loaded.view.toolCalls).toEqual(s.run.view.toolCalls);
  });

  test('is answered only by its lease', async () => {
    const s = await waiting();
    const { leaseId } = await s.settle(s.run.lease('call_1'));
    const answer = { type: 'output', callId: 'call_1', output: 'Rome' } as const;
    for (const foreign of [answer, { ...answer, leaseId: 'other' }])
      expect(await s.rejection(s.run.respond([foreign]))).toMatchObject({ name: 'DecisionError' });
    await s.settle(s.run.respond([{ ...answer, leaseId }]));
    await s.settle(s.run.result());
    expect(outputsIn(s.creates()[1] ?? {})).toEqual({ call_1: 'Rome' });
    expect(s.call()).not.toHaveProperty('leasedUntil');
  });

  test('is leased to one page, which may renew the lease', async () => {
    const s = await waiting();
    const other = await s.settle(s.reboot().follow('r'));
    const { leaseId } = await s.settle(s.run.lease('call_1'));
    expect(await s.rejection(other.lease('call_1'))).toMatchObject({ name: 'DecisionError' });
    for (let renewals = 0; renewals < 5; renewals += 1) {
      await s.clock.advance(leaseMs - 5_000);
      await s.settle(other.lease('call_1', leaseId));
    }
    expect(s.call()).toMatchObject({ status: 'awaiting_output' });
  });

  test('of two requests in two processes at the same time, one gets the lease', async () => {
    const s = await waiting();
    const other = await s.settle(s.reboot().follow('r'));
    const leases = [s.run.lease('call_1'), other.lease('call_1')];
    const settled = await s.settle(Promise.allSettled(leases));
    expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('settles as `interrupted` when its lease expires, because the page may have executed it (I6)', async () => {
    const s = await waiting();
    await s.settle(s.run.lease('call_1'));
    await s.settle(s.run.result());
    expect(s.call()).toMatchObject({ status: 'interrupted' });
    expect(String(outputsIn(s.creates()[1] ?? {})['call_1'])).toContain('is not known');
  });

  test('is offered again if its tool is idempotent', async () => {
    const s = await waiting({ idempotent: true });
    const first = await s.settle(s.run.lease('call_1'));
    await s.clock.advance(leaseMs + 1_000);
    expect(s.call()).toMatchObject({ status: 'awaiting_output' });
    expect(s.call()).not.toHaveProperty('leasedUntil');
    expect(s.run.view).toMatchObject({ status: 'requires_action', driver: 'none' });
    const second = await s.settle(s.run.lease('call_1'));
    expect(second.leaseId).not.toBe(first.leaseId);
    const late = { type: 'output', callId: 'call_1', output: 'Rome', leaseId: first.leaseId } as const;
    expect(await s.rejection(s.run.respond([late]))).toMatchObject({ name: 'DecisionError' });
    await s.settle(s.run.respond([{ ...late, leaseId: second.leaseId }]));
    await s.settle(s.run.result());
    expect(s.call()).toMatchObject({ status: 'completed', output: 'Rome' });
  });

  test('keeps its lease when another process continues the run, for the rest of its time', async () => {
    const s = await waiting();
    const { leaseId } = await s.settle(s.run.lease('call_1'));
    await s.settle(s.run.detach({ graceMs: 0 }));
    const again = await s.settle(s.reboot().resume(s.agent, 'r'));
    expect(await s.rejection(again.submitToolOutput('call_1', 'Rome'))).toMatchObject({
      name: 'DecisionError',
    });
    await s.settle(again.respond([{ type: 'output', callId: 'call_1', output: 'Rome', leaseId }]));
    await s.settle(again.result());
    expect(again.view.toolCalls).toMatchObject([{ status: 'completed' }]);
  });

  test('is settled when the run is cancelled', async () => {
    const s = await waiting();
    await s.settle(s.run.lease('call_1'));
    await s.settle(s.run.cancel());
    expect(s.call()).toMatchObject({ status: 'cancelled' });
    expect(s.call()).not.toHaveProperty('leasedUntil');
    expect((await s.settle(s.reboot().follow('r'))).view).toEqual(s.run.view);
  });
});

test('a call that does not wait for an output cannot be leased', async () => {
  const pay = tool({ name: 'pay', parameters: z.object({}), needsApproval: true });
  const s = scenario({ script: [{ calls: [{ name: 'pay', callId: 'call_1' }] }], tools: [pay] });
  const run = s.start('Pay');
  await s.clock.advance(20_000);
  for (const callId of ['call_1', 'call_2'])
    expect(await s.rejection(run.lease(callId))).toMatchObject({ name: 'DecisionError' });
  await s.settle(run.approve('call_1'));
  await s.settle(run.lease('call_1'));
});
