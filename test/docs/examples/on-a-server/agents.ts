import { defineAgent, tool, type ToolContext } from '@longhaul/core';
import * as z from 'zod';
import { ordersOf } from './site.ts';

/** The context of the tools. The server finds it, so a visitor cannot choose another customer. */
export interface Customer {
  readonly customer: string;
}

const listOrders = tool({
  name: 'list_orders',
  description: 'Lists the orders of the customer.',
  parameters: z.object({}),
  idempotent: true,
  execute: (_none, { context }: ToolContext<Customer>) => ordersOf(context.customer),
});
const refund = tool({
  name: 'refund',
  description: 'Refunds an order of the customer.',
  parameters: z.object({ orderId: z.string(), internalNote: z.string() }),
  private: true, // pages do not see the internal note
  needsApproval: true,
  approvalView: ({ orderId }) => ({ orderId }), // shown to the person who decides
  execute: ({ orderId }, { context }: ToolContext<Customer>) => {
    if (!ordersOf(context.customer).some(({ id }) => id === orderId)) throw new Error('No such order.');
    return `Refunded ${orderId}.`;
  },
});
export const support = defineAgent({ name: 'support', model: 'gpt-6-astra', tools: [listOrders, refund] });
