import process from 'node:process';
import { serve } from '@hono/node-server';
import { createRunner, defineAgent } from '@longhaul/core';
import { createWebhookHandler } from '@longhaul/core/server';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { Hono } from 'hono';
import OpenAI from 'openai';

// With `store: true`, a response whose webhook is lost can still be retrieved the next day.
const analyst = defineAgent({ name: 'analyst', model: 'gpt-6-astra', request: { store: true } });
const runner = createRunner({
  client: new OpenAI(),
  agents: [analyst],
  store: sqliteStore({ path: 'runs.db' }),
  mode: 'poll', // no live text, so a run has no connection while it waits
});
await runner.resumeAll().catch(console.error);

const webhooks = createWebhookHandler({
  secret: process.env['OPENAI_WEBHOOK_SECRET'] ?? '', // an empty secret is a ConfigurationError
  runner,
  onError: console.error,
});

const app = new Hono();
app.post('/webhooks/openai', (c) => webhooks(c.req.raw));
app.post('/reports', async (c) => c.text(runner.start(analyst, await c.req.text()).id));
app.get('/reports/:id', async (c) => c.json((await runner.read(c.req.param('id')))?.text ?? null));
serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 3000) }, ({ port }) =>
  console.log(`http://localhost:${port}`),
);
