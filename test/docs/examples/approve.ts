import { defineAgent, tool, type Run, type Runner } from '@longhaul/core';
import * as z from 'zod';

const refund = tool({
  name: 'refund',
  parameters: z.object({ orderId: z.string(), amount: z.number() }),
  needsApproval: ({ amount }) => amount > 100,
  execute: async ({ orderId, amount }) => `Refunded ${amount} for ${orderId}.`,
});
const askCustomer = tool({
  name: 'ask_customer',
  parameters: z.object({ question: z.string() }), // no `execute`: the answer comes from outside
});
export const agent = defineAgent({ name: 'support', model: 'gpt-6-astra', tools: [refund, askCustomer] });

/** Returns the calls that wait for a decision, for a page that asks a person. */
export function openQuestions(run: Run<typeof agent>): string[] {
  return run.view.toolCalls
    .filter(({ status }) => status === 'awaiting_approval' || status === 'awaiting_output')
    .map(({ callId, name, status }) => `${callId}: ${name} is ${status}`);
}

/** Applies the person's decisions, possibly days later, in any process. */
export async function decide(
  runner: Runner,
  runId: string,
  approved: readonly string[],
  denied: readonly string[],
) {
  const run = await runner.resume(agent, runId);
  await run.respond([
    ...approved.map((callId) => ({ type: 'approve' as const, callId })),
    ...denied.map((callId) => ({ type: 'deny' as const, callId, reason: 'Ask for a photo first.' })),
  ]);
  return run;
}
