import { createRunner, defineAgent, fetchClient, tool } from '@longhaul/core';
import { indexedDbStore } from '@longhaul/core/web';
import * as z from 'zod';

const keepOrder = tool({
  name: 'keep_order',
  description: 'Saves the id of an order in this browser.',
  parameters: z.object({ orderId: z.string() }),
  needsApproval: true,
  idempotent: true,
  execute: ({ orderId }) => {
    localStorage.setItem('order', orderId);
    return `Saved ${orderId}.`;
  },
});
export const agent = defineAgent({ name: 'support', model: 'gpt-6-astra', tools: [keepOrder] });

const client = fetchClient({ baseURL: '/api/v1' }); // the proxy
const store = indexedDbStore({ name: 'chat' });
export const runner = createRunner({ client, agents: [agent], store });
