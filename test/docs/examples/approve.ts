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

/** The page that a person sees: which calls wait for a decision, and for which. */
export function openQuestions(run: Run<typeof agent>): string[] {
  return run.view.toolCalls
    .filter(({ status }) => status === 'awaiting_approval' || status === 'awaiting_output')
    .map(({ callId, name, status }) => `${callId}: ${name} is ${status}`);
}

/** What the person said, days later, in whichever process handles the form. */
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
