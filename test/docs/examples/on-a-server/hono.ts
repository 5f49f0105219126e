import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { handler } from './runs.ts';

const app = new Hono();
app.all('/api/longhaul/*', (c) => handler(c.req.raw));
serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 3000) }, ({ port }) =>
  console.log(`http://localhost:${port}`),
);
