import type { DrivingRunner, RunStore } from '@longhaul/core';
import { createRunsHandler } from '@longhaul/core/server';
import { Hono } from 'hono';
import type { RunTrace } from './run-trace.ts';
import { visitorOf } from './visitor-sessions.ts';

export interface RunRoutesOptions {
  /** The runner whose runs pages start and watch. */
  readonly runner: DrivingRunner;
  /** The store of the runner. */
  readonly store: Pick<RunStore, 'load'>;
  /** The name of the agent that visitors may use. */
  readonly agent: string;
  readonly trace: Pick<RunTrace, 'read' | 'forget'>;
}

const traceHeaders = { 'cache-control': 'no-store', 'content-type': 'application/json' };

/** The routes for the runs of visitors, below the path where they are mounted. */
export function runRoutes({ runner, store, agent, trace }: RunRoutesOptions): Hono {
  const visitors = new WeakMap<Request, string>();
  const handler = createRunsHandler({
    runner,
    agents: [agent],
    authorize: (request) => visitors.get(request) ?? new Response(null, { status: 401 }),
    limits: { startsPerMinute: 60 },
    // A real site would not show requests and errors: they contain the instructions, and the arguments and outputs of
    // private tools. The demo shows them to explain what the loop does.
    showRequests: true,
    showErrors: true,
    onError: (error) => console.error('A request to the server’s runs failed:', error),
  });

  async function isOwnedBy(runId: string, visitor: string): Promise<boolean> {
    const saved = await store.load(runId);
    return saved?.head.owner === visitor;
  }

  return new Hono()
    .get('/runs/:runId/trace', async (context) => {
      const { runId } = context.req.param();
      const isOwn = await isOwnedBy(runId, visitorOf(context));
      return isOwn ? context.body(trace.read(runId), 200, traceHeaders) : context.notFound();
    })
    .all('*', async (context) => {
      const { raw } = context.req;
      visitors.set(raw, visitorOf(context));
      const response = await handler(raw);
      if (raw.method === 'DELETE' && response.ok)
        trace.forget(new URL(raw.url).pathname.split('/').at(-1) ?? '');
      return response;
    });
}
