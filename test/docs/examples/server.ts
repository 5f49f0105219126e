import { serve } from '@hono/node-server';
import { createRunner, defineAgent, tool, type ToolContext } from '@longhaul/core';
import { createRunsHandler } from '@longhaul/core/server';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { Hono } from 'hono';
import OpenAI from 'openai';
import * as z from 'zod';

const { SHOP_URL, SHOP_KEY, PORT = 3000 } = process.env; // the page never gets the key
const refund = tool({
  name: 'refund',
  description: 'Refunds an order of the customer.',
  parameters: z.object({ orderId: z.string() }),
  needsApproval: true,
  idempotent: true,
  execute: async ({ orderId }, { context, idempotencyKey }: ToolContext<{ customer?: string }>) => {
    const headers = { authorization: `Bearer ${SHOP_KEY}`, 'idempotency-key': idempotencyKey };
    const body = JSON.stringify({ orderId, customer: context.customer });
    return (await fetch(`${SHOP_URL}/refunds`, { method: 'POST', headers, body })).text();
  },
});
export const support = defineAgent({ name: 'support', model: 'gpt-6-astra', tools: [refund] });

const runner = createRunner({
  client: new OpenAI(),
  agents: [support],
  store: sqliteStore({ path: 'runs.db' }),
  context: ({ owner }) => ({ customer: owner }), // tools act for the visitor who started the run
});
await runner.resumeAll().catch(console.error); // runs of a process that was stopped

const users = new Map(Object.entries({ 'token-of-ann': 'ann', 'token-of-bob': 'bob' })); // your sessions
const handler = createRunsHandler({
  runner,
  agents: ['support'],
  authorize: ({ headers }) =>
    users.get(headers.get('authorization') ?? '') ?? new Response(null, { status: 401 }),
});
const app = new Hono().all('/api/longhaul/*', (c) => handler(c.req.raw));
serve({ fetch: app.fetch, port: Number(PORT) }, ({ port }) => console.log(`http://localhost:${port}`));
