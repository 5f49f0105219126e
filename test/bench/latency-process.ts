/**
 * A server of {@link compareLatency}: a runner on an SQLite file, and the handler for pages. Below `/lengths` it has the
 * {@link ServerLengths} of the run that it drives. Arguments: the URL of the API, the file. Prints its URL.
 */
import process from 'node:process';
import { serve } from '@hono/node-server';
import { createRunner, defineAgent, fetchClient, type RunStore } from '@longhaul/core';
import { createRunsHandler } from '@longhaul/core/server';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { model } from './iterations.ts';
import { type Lengths, wallTime } from './lengths.ts';

/** When the text of a run reached its lengths. */
export interface ServerLengths {
  /** In the view of the process that drives the run. */
  readonly driven: Lengths;
  /** In the notices for other processes. Empty without them. */
  readonly published: Lengths;
}

const [apiURL = '', path = ''] = process.argv.slice(2);
const driven: [number, number][] = [];
const published: [number, number][] = [];

/** The length of the text after a notice about live text. Other notices do not change it. */
function lengthAfter(length: number, message: unknown): number {
  const { events = [] } = message as {
    readonly events?: readonly { readonly delta?: string; readonly view?: { readonly text: string } }[];
  };
  return events.reduce((sum, { delta = '', view }) => (view?.text.length ?? sum) + delta.length, length);
}

const sqlite = sqliteStore({ path });
const store: RunStore = {
  ...sqlite,
  publish: (runId, message) => {
    published.push([lengthAfter(published.at(-1)?.[0] ?? 0, message), wallTime()]);
    return sqlite.publish?.(runId, message);
  },
};
const runner = createRunner({
  client: fetchClient({ baseURL: `${apiURL}/v1`, apiKey: 'bench' }),
  agents: [defineAgent({ name: 'bench', model })],
  store,
  mode: 'stream',
});
runner.subscribe(() => {
  for (const run of runner.runs) {
    if (watched.has(run.id)) continue;
    watched.add(run.id);
    run.subscribe(() => {
      if (run.view.driver === 'here') driven.push([run.view.text.length, wallTime()]);
    });
  }
});
const watched = new Set<string>();
const handler = createRunsHandler({
  runner,
  agents: ['bench'],
  authorize: () => 'visitor',
  limits: { startsPerMinute: 1_000 },
});

function answer(request: Request): Response | Promise<Response> {
  if (!request.url.endsWith('/lengths')) return handler(request);
  const lengths: ServerLengths = { driven: driven.splice(0), published: published.splice(0) };
  return Response.json(lengths);
}

serve({ fetch: answer, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}`);
});
