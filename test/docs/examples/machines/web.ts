import process from 'node:process';
import { serve } from '@hono/node-server';
import { queueRunner } from '@longhaul/core/queue';
import { createRunsHandler, createWebhookHandler } from '@longhaul/core/server';
import { Hono } from 'hono';
import { writer } from './agent.ts';
import { store } from './database.ts';

// Starts runs, shows them, and passes on decisions. It drives none, and needs no key of the API.
const runner = queueRunner({ store, agents: [writer] });
const runs = createRunsHandler({
  runner,
  agents: ['writer'],
  authorize: ({ headers }) => headers.get('x-user') ?? new Response(null, { status: 401 }), // your sessions
});
const secret = process.env['OPENAI_WEBHOOK_SECRET'] ?? '';
const webhooks = createWebhookHandler({ secret, runner, onError: console.error });

const app = new Hono();
app.all('/api/longhaul/*', (c) => runs(c.req.raw));
app.post('/webhooks/openai', (c) => webhooks(c.req.raw));
serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 3000) }, ({ port }) =>
  console.log(`http://localhost:${port}`),
);
