import process from 'node:process';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { cron, read, start, webhook } from './serverless.ts';

// On a platform for functions, these routes are its configuration.
const app = new Hono();
app.post('/start', (c) => start(c.req.raw));
app.post('/webhook', (c) => webhook(c.req.raw));
app.post('/cron', () => cron());
app.get('/runs/:id', (c) => read(c.req.param('id')));
serve({ fetch: app.fetch, port: Number(process.env['PORT']) }, ({ port }) =>
  console.log(`http://localhost:${port}`),
);
