/**
 * A front of the benchmarks: it starts runs, receives webhooks, and follows a run. Arguments: the URL of the database,
 * the schema, the secret of webhooks. Prints its URL.
 *
 * - `POST /webhooks`: a webhook of the API.
 * - `POST /start?count=…&owner=…`: starts runs, and answers when they are saved.
 * - `POST /watch`: starts a run, shows it to a listener until it ends, and answers with its {@link Lengths}.
 */
import process from 'node:process';
import { serve } from '@hono/node-server';
import { Pool } from 'pg';
import { queueRunner } from '@longhaul/core/queue';
import { createWebhookHandler } from '@longhaul/core/server';
import { postgresStore } from '@longhaul/core/store/postgres';
import { wallTime } from '../lengths.ts';
import { agent } from './bench-agent.ts';
import { reportMemory } from './report-memory.ts';

const [connectionString = '', schema = '', secret = ''] = process.argv.slice(2);
const store = postgresStore({ database: new Pool({ connectionString, max: 10 }), schema });
const runner = queueRunner({ store, agents: [agent] });
// The run is shown by another process than the one that has started it.
const other = queueRunner({
  store: postgresStore({ database: new Pool({ connectionString, max: 10 }), schema }),
  agents: [agent],
});
const webhooks = createWebhookHandler({ secret, runner });

async function start(count: number, owner: string): Promise<Response> {
  const started = Array.from({ length: count }, () => runner.start(agent, 'Wait.', { owner }));
  await Promise.all(started.map((run) => run.saved()));
  return Response.json({ started: count });
}

async function watch(): Promise<Response> {
  const started = runner.start(agent, 'Write.', { watched: true });
  await started.saved();
  const run = await other.follow(started.id);
  const shown: [number, number][] = [];
  run.subscribe(() => shown.push([run.view.text.length, wallTime()]));
  await run.result();
  return Response.json(shown);
}

async function answer(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  switch (pathname) {
    case '/webhooks':
      return webhooks(request);
    case '/start':
      return start(Number(searchParams.get('count')), searchParams.get('owner') ?? 'owner');
    case '/watch':
      return watch();
    default:
      return new Response(null, { status: 404 });
  }
}

reportMemory();
serve({ fetch: answer, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}`);
});
