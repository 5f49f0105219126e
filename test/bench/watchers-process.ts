/**
 * The process of one contestant of {@link compareWatchers}. Arguments: `longhaul`, the URL of the API, and the number of
 * runs; or `bare`, and the file of a {@link Recording}. Below `/cost` it has the {@link ServerCost} until now, and a
 * request to `/release` begins a bare fan-out. Prints its URL.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { serve } from '@hono/node-server';
import { createRunner, defineAgent, fetchClient } from '@longhaul/core';
import { createRunsHandler } from '@longhaul/core/server';
import { BareFanOut } from './bare-fan-out.ts';
import { model, question } from './iterations.ts';

/** The cost of a server process until a request for it. */
export interface ServerCost {
  /** CPU time before and after the measurement of memory, in milliseconds. */
  readonly cpuMs: readonly [before: number, after: number];
  readonly heapBytes: number;
  /** Resident memory after V8 released unused pages. */
  readonly residentBytes: number;
}

type Handler = (request: Request) => Response | Promise<Response>;

const [contestant = '', source = '', runsText = ''] = process.argv.slice(2);

function longhaul(): Handler {
  const agent = defineAgent({ name: 'bench', model });
  const client = fetchClient({ baseURL: `${source}/v1`, apiKey: 'bench' });
  const runner = createRunner({ client, agents: [agent], mode: 'stream' });
  for (let index = 0; index < Number(runsText); index += 1)
    runner.start(agent, question, { runId: `run-${index}`, owner: `run-${index}` });
  return createRunsHandler({
    runner,
    agents: ['bench'],
    // Each run has its own visitor, because a page is notified of all runs of its visitor.
    authorize: (request) => request.headers.get('x-visitor') ?? new Response(null, { status: 401 }),
    limits: { streams: Number.MAX_SAFE_INTEGER },
  });
}

function bare(): Handler {
  const fanOut = new BareFanOut(JSON.parse(readFileSync(source, 'utf8')));
  return (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.endsWith('/release')) return fanOut.watch(searchParams.get('runs') ?? '');
    fanOut.release();
    return new Response();
  };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function cost(): ServerCost {
  const before = cpuMs();
  // Twice, because the second collection frees the objects that the first one finalised.
  for (let time = 0; time < 2; time += 1)
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const { heapUsed, external, rss } = process.memoryUsage();
  return { cpuMs: [before, cpuMs()], heapBytes: heapUsed + external, residentBytes: rss };
}

const handler = contestant === 'longhaul' ? longhaul() : bare();
const answer: Handler = (request) =>
  request.url.endsWith('/cost') ? Response.json(cost()) : handler(request);

serve({ fetch: answer, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}`);
});
