import { expect, test } from 'vitest';
import * as z from 'zod';
import { scenario } from '../../test-support/scenario.ts';
import { tool } from '../../src/agent/tool.ts';
import { ConfigurationError } from '../../src/errors/configuration-error.ts';

const ids = { runId: 'r' };

async function ownerOf(s: ReturnType<typeof scenario>): Promise<unknown> {
  return (await s.store.load('r'))?.head.owner;
}

test('a run can be assigned to an owner while it is driven here, and its later saves keep the owner', async () => {
  const s = scenario();
  const run = s.start('Umbrella?', ids);
  await s.clock.advance(1_000);
  await s.settle(s.runner.assignOwner('r', 'ann'));
  expect(run.owner).toBe('ann');
  await s.settle(run.result());
  expect(await ownerOf(s)).toBe('ann');
  expect(await s.runner.list({ owner: 'ann' })).toMatchObject([{ runId: 'r', owner: 'ann' }]);
});

test('and while another process drives it', async () => {
  const s = scenario({ runner: { agents: [] } });
  const run = s.start('Umbrella?', ids);
  await s.clock.advance(1_000);
  const admin = s.reboot();
  await s.settle(admin.assignOwner('r', 'ann'));
  expect(await ownerOf(s)).toBe('ann');
  await s.settle(run.result());
  expect(await ownerOf(s)).toBe('ann');
  expect(admin.runs).toEqual([]);
});

test('and after it has ended, or while no process drives it', async () => {
  const s = scenario({ runner: { agents: [] } });
  const run = s.start('Umbrella?', ids);
  await s.clock.advance(1_000);
  await s.settle(s.runner.close());
  await s.settle(s.reboot().assignOwner('r', 'ann'));
  expect(await ownerOf(s)).toBe('ann');
  const again = await s.settle(s.reboot().resume(s.agent, 'r'));
  await s.settle(again.result());
  await s.settle(s.reboot().assignOwner('r', 'bob'));
  expect(await ownerOf(s)).toBe('bob');
  expect((await s.settle(s.reboot().follow('r'))).owner).toBe('bob');
  expect(run.owner).toBe(undefined);
});

test('and while it waits for a person in another process, which then shows the new owner', async () => {
  const pay = tool({ name: 'pay', parameters: z.object({}), needsApproval: true, execute: () => 'paid' });
  const script = [{ calls: [{ name: 'pay', callId: 'call_1' }] }, { text: 'Done.' }];
  const s = scenario({ script, tools: [pay] });
  const run = s.start('Pay', ids);
  await s.clock.advance(20_000);
  expect(run.view.status).toBe('requires_action');
  await s.settle(s.reboot({ agents: [] }).assignOwner('r', 'ann'));
  await s.clock.advance(1_000);
  expect(run.owner).toBe('ann');
  await s.settle(run.approve('call_1'));
  await s.settle(run.result());
  expect(await ownerOf(s)).toBe('ann');
});

test('an invalid owner, and a run that does not exist, are refused', async () => {
  const s = scenario();
  for (const owner of ['', 'x'.repeat(513), 5 as unknown as string])
    expect(await s.rejection(s.runner.assignOwner('r', owner))).toBeInstanceOf(ConfigurationError);
  expect(await s.rejection(s.runner.assignOwner('r', 'ann'))).toMatchObject({ code: 'not_found' });
});

test('`decision.made` and the call name who has decided, including in a process that loads the run', async () => {
  const pay = tool({ name: 'pay', parameters: z.object({}), needsApproval: true, execute: () => 'paid' });
  const script = [{ calls: [{ name: 'pay', callId: 'call_1' }] }, { text: 'Done.' }];
  const s = scenario({ script, tools: [pay] });
  const run = s.start('Pay', ids);
  await s.clock.advance(20_000);
  const made: unknown[] = [];
  void (async () => {
    for await (const event of run.events()) if (event.type === 'decision.made') made.push(event.by);
  })();
  await s.settle(run.respond([{ type: 'approve', callId: 'call_1' }], { by: 'ann' }));
  await s.settle(run.result());
  expect(made).toEqual(['ann']);
  expect(run.view.toolCalls).toMatchObject([{ decidedBy: 'ann', status: 'completed' }]);
  expect((await s.settle(s.reboot().follow('r'))).view).toEqual(run.view);
});

test('decisions for another iteration are rejected', async () => {
  const pay = tool({ name: 'pay', parameters: z.object({}), needsApproval: true, execute: () => 'paid' });
  const s = scenario({ script: [{ calls: [{ name: 'pay', callId: 'call_1' }] }], tools: [pay] });
  const run = s.start('Pay', ids);
  await s.clock.advance(20_000);
  const late = run.respond([{ type: 'approve', callId: 'call_1' }], { iteration: 1 });
  expect(await s.rejection(late)).toMatchObject({ name: 'DecisionError' });
  expect(run.view.toolCalls).toMatchObject([{ status: 'awaiting_approval' }]);
});
