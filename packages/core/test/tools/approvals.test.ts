import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { outputsIn } from '../../test-support/outputs-in.ts';
import { scenario } from '../../test-support/scenario.ts';
import { tool } from '../../src/agent/tool.ts';
import type { Decision } from '../../src/engine/decision.ts';
import { DecisionError } from '../../src/errors/decision-error.ts';
import type { Fault, Iteration } from '../../src/testing/index.ts';

const city = z.object({ city: z.string() });

describe('approvals', () => {
  const seats = z.object({ seats: z.number() });

  function booking(script: Iteration[], faults: Fault[] = []) {
    const executed: number[] = [];
    const book = tool({
      name: 'book',
      parameters: seats,
      needsApproval: true,
      execute: (args) => {
        executed.push(args.seats);
        return 'booked';
      },
    });
    const free = tool({ name: 'free', parameters: seats, execute: () => 'free' });
    return { ...scenario({ script, faults, tools: [book, free] }), booked: executed };
  }

  const bookTwo: Iteration = {
    calls: [
      { name: 'book', arguments: { seats: 1 }, callId: 'call_a' },
      { name: 'free', arguments: { seats: 0 }, callId: 'call_f' },
      { name: 'book', arguments: { seats: 2 }, callId: 'call_b' },
    ],
  };

  test('outputs of approved calls are sent again if the next create fails, and no tool runs twice (agent-framework 7458)', async () => {
    const s = booking([bookTwo, { text: 'Done.' }], [{ fault: 'http', status: 503, iteration: 1, times: 3 }]);
    const run = s.start();
    await s.clock.advance(60_000);
    await run.respond([
      { type: 'approve', callId: 'call_a' },
      { type: 'approve', callId: 'call_b' },
    ]);
    await s.settle(run.result());
    expect(s.booked).toEqual([1, 2]);
    const sent = s.creates().slice(1);
    expect(sent).toHaveLength(4);
    for (const body of sent)
      expect(outputsIn(body)).toEqual({ call_a: 'booked', call_f: 'free', call_b: 'booked' });
  });

  test('a decision counts once, for the recorded call (agent-framework 6851)', async () => {
    const later: Iteration = { calls: [{ name: 'book', arguments: { seats: 9 }, callId: 'call_later' }] };
    const s = booking([bookTwo, later, { text: 'Done.' }]);
    const run = s.start();
    await s.clock.advance(60_000);
    await run.respond([
      { type: 'approve', callId: 'call_a' },
      { type: 'deny', callId: 'call_b', reason: 'Too many.' },
    ]);
    await s.clock.advance(60_000);
    expect(s.booked).toEqual([1]);
    expect(run.view.status).toBe('requires_action');
    // The old approval, posted again in a later iteration, matches no call.
    await expect(run.approve('call_a')).rejects.toBeInstanceOf(DecisionError);
    await s.clock.advance(60_000);
    expect(s.booked).toEqual([1]);
    await run.approve('call_later');
    await s.settle(run.result());
    expect(s.booked).toEqual([1, 9]);
  });

  test('several calls all wait, and one create sends all outputs (agent-framework 6910)', async () => {
    const s = booking([bookTwo, { text: 'Done.' }]);
    const run = s.start();
    await s.clock.advance(60_000);
    expect(run.view.toolCalls.map(({ status }) => status)).toEqual([
      'awaiting_approval',
      'completed',
      'awaiting_approval',
    ]);
    await run.approve('call_b');
    await s.clock.advance(24 * 3_600_000);
    expect(s.creates()).toHaveLength(1);
    expect(s.booked).toEqual([2]);
    await run.deny('call_a', 'Not today.');
    await s.settle(run.result());
    expect(s.creates()).toHaveLength(2);
    expect(outputsIn(s.creates()[1])).toEqual({
      call_a: expect.stringContaining('Not today.'),
      call_f: 'free',
      call_b: 'booked',
    });
  });

  test('a program that approves every call does not bypass the limit of iterations (agent-framework 7472)', async () => {
    const s = booking([]);
    const endless = scenario({
      script: () => ({ calls: [{ name: 'book', arguments: { seats: 1 } }] }),
      tools: [...s.agent.tools.values()],
      agent: { maxIterations: 6 },
    });
    const run = endless.start();
    run.subscribe(() => {
      const waiting = run.view.toolCalls.find(({ status }) => status === 'awaiting_approval');
      if (waiting !== undefined) void run.approve(waiting.callId).catch(() => undefined);
    });
    const error = await endless.rejection(run.result());
    expect(error).toMatchObject({ code: 'max_iterations' });
    expect(endless.creates()).toHaveLength(6);
    expect(s.booked).toHaveLength(5);
  });
});

describe('a decision has the length limit of outputs, because the API would refuse the create (issue 38)', () => {
  const long = 'x'.repeat(10_485_760);

  test.each<[string, Decision, string]>([
    ['deny', { type: 'deny', callId: 'call_1', reason: long }, 'awaiting_approval'],
    ['error', { type: 'error', callId: 'call_1', message: long }, 'awaiting_output'],
  ])('%s with a too long text is rejected, and the call still waits', async (type, decision, waits) => {
    const needsApproval = type === 'deny';
    const f = tool({ name: 'f', parameters: city, needsApproval });
    const script = [
      { calls: [{ name: 'f', arguments: { city: 'a' }, callId: 'call_1' }] },
      { text: 'Done.' },
    ];
    const s = scenario({ script, tools: [f] });
    const run = s.start();
    await s.clock.advance(60_000);
    const refused = expect(run.respond([decision])).rejects.toThrow(/call_1.*characters.*at most 10485760/);
    await refused;
    await expect(run.respond([decision])).rejects.toBeInstanceOf(DecisionError);
    expect(run.view.toolCalls).toMatchObject([{ status: waits }]);
    await run.respond([
      type === 'deny' ? { type, callId: 'call_1' } : { type: 'error', callId: 'call_1', message: 'no' },
    ]);
    expect((await s.settle(run.done())).status).toBe('completed');
  });
});
