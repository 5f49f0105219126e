import { type Agent, defineAgent, type Tool, tool } from '@longhaul/core';
import type { Iteration, Script } from '@longhaul/core/testing';
import * as z from 'zod';

type Refund = Tool<'refund', { order: string }, { refunded: string }>;
type Locate = Tool<'locate', { precise: boolean }>;

const refund: Refund = tool({
  name: 'refund',
  parameters: z.object({ order: z.string() }),
  needsApproval: true,
  execute: ({ order }) => ({ refunded: order }),
});
const locate: Locate = tool({ name: 'locate', parameters: z.object({ precise: z.boolean() }) });

/** An agent with a tool that needs approval, a tool that the page answers, and an output with a transform. */
export const support: Agent<
  readonly [Refund, Locate],
  { answer: string; until: Date },
  { answer: string; until: string },
  'support'
> = defineAgent({
  name: 'support',
  model: 'gpt-6-astra',
  tools: [refund, locate],
  output: z.object({ answer: z.string(), until: z.string().transform((text) => new Date(text)) }),
});

const until = '2030-01-01T00:00:00.000Z';

/** The output of the agent as JSON. */
export function outputOf(answer: string): { readonly answer: string; readonly until: string } {
  return { answer, until };
}

function says(answer: string): Iteration {
  return { text: JSON.stringify(outputOf(answer)) };
}

const refundCall = { callId: 'call_refund', name: 'refund', arguments: { order: 'A1' } };
const locateCall = { callId: 'call_locate', name: 'locate', arguments: { precise: true } };

/** The model. The first word of the input names the calls of its first iteration. It then says what it has received. */
export const supportModel: Script = ({ userText, iterationIndex, outputs }) => {
  const [what] = userText.split(' ');
  if (what === 'Wait') return { text: 'Late.', runMs: 10_000_000 };
  if (iterationIndex > 0 || what === 'Say') return says(Object.values(outputs).join(' '));
  if (what === 'Refund') return { calls: [refundCall] };
  return { calls: what === 'Locate' ? [locateCall] : [refundCall, locateCall] };
};
