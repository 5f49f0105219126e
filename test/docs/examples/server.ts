import { serve } from '@hono/node-server';
import { createRunner, defineAgent, tool, type ToolContext } from '@longhaul/core';
import { createRunsHandler } from '@longhaul/core/server';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import OpenAI from 'openai';
import * as z from 'zod';

const { SHOP_URL, SHOP_KEY, PORT = 3000 } = process.env; // the page never gets the key
const refund = tool({
  name: 'refund',
  parameters: z.object({ orderId: z.string() }),
  needsApproval: true,
  idempotent: true,
  execute: async (order, { context, idempotencyKey }: ToolContext<{ owner?: string }>) => {
    const headers = { authorization: `Bearer ${SHOP_KEY}`, 'idempotency-key': idempotencyKey };
    const body = JSON.stringify({ ...order, customer: context.owner });
    return (await fetch(`${SHOP_URL}/refunds`, { method: 'POST', headers, body })).text();
  },
});
export const support = defineAgent({ name: 'support', model: 'gpt-6-astra', tools: [refund] });

const client = new OpenAI();
const store = sqliteStore({ path: 'runs.db' });
// The context of the tools: the visitor who started the run.
const runner = createRunner({ client, agents: [support], store, context: ({ owner }) => ({ owner }) });
await runner.resumeAll().catch(console.error); // runs of a process that was stopped

const users = new Map(Object.entries({ 'token-of-ann': 'ann', 'token-of-bob': 'bob' })); // your sessions
const authorize = ({ headers }: Request) =>
  users.get(headers.get('authorization') ?? '') ?? new Response(null, { status: 401 });
const handler = createRunsHandler({ runner, agents: ['support'], authorize });
serve({ fetch: handler, port: Number(PORT) }, ({ port }) => console.log(`http://localhost:${port}`));
