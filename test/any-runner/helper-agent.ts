import { defineAgent, tool } from '@longhaul/core';
import { createEmulator, type Emulator, type Script } from '@longhaul/core/testing';
import * as z from 'zod';

const nothing = z.object({});

const add = tool({
  name: 'add',
  parameters: z.object({ a: z.number(), b: z.number() }),
  execute: async ({ a, b }, { progress }) => {
    progress({ added: 1 });
    return a + b;
  },
});
const pay = tool({ name: 'pay', parameters: nothing, needsApproval: true, execute: () => 'paid' });
const ask = tool({ name: 'ask', parameters: nothing });
const boom = tool({
  name: 'boom',
  parameters: nothing,
  execute: () => {
    throw new Error('The database is down.');
  },
});

/** The agent whose runs all kinds of runners show. The first word of the input names what its model does. */
export const helper = defineAgent({
  name: 'helper',
  model: 'gpt-6-astra',
  instructions: 'Be kind.',
  tools: [add, pay, ask, boom],
});

const longText = 'The umbrella stays at home, because the sun will shine on Paris all day. '.repeat(20);

const script: Script = ({ userText, iterationIndex, outputs }) => {
  const [what = ''] = userText.split(' ');
  if (what === 'fail') return { fail: { code: 'invalid_prompt', message: 'No.' } };
  if (what === 'cut') return { text: 'Half', incomplete: 'max_output_tokens' };
  if (what === 'stream') return { text: longText, runMs: 1_500 };
  if (what === 'talk' && iterationIndex > 0) return { reasoning: 'Hm.', text: longText, runMs: 6_000 };
  if (what === 'wait') return { text: 'Late', runMs: 600_000 };
  if (iterationIndex > 0 || what === 'say') return { text: `Said ${Object.values(outputs).join(', ')}` };
  if (what === 'add' || what === 'talk')
    return { calls: [{ name: 'add', arguments: { a: 2, b: 3 }, callId: 'call_1' }] };
  return { calls: [{ name: what, callId: 'call_1' }] };
};

export function helperApi(): Emulator {
  return createEmulator({ script, queuedMs: 5, runMs: 50 });
}
