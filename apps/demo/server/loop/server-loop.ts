import { join } from 'node:path';
import { createRunner, fetchClient } from '@longhaul/core';
import { createRunsHandler } from '@longhaul/core/server';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { Hono } from 'hono';
import type { ShopContext } from '../agent/shop-context.ts';
import { shopAgent } from '../agent/shop-agent.ts';
import { keptSecret } from '../kept-secret.ts';
import { openShop } from '../shop/open-shop.ts';
import { openRunTrace } from './run-trace.ts';
import { visitorOf } from './visitor-sessions.ts';

export interface ServerLoopOptions {
  /** The folder of the runs, of the shop's database and of the secret for offers. */
  readonly folder: string;
  readonly model: string;
  /** The API or the emulator. */
  readonly api: Parameters<typeof fetchClient>[0];
}

/** The loop on the server: it drives runs in this process, and pages watch them. */
export interface ServerLoop {
  /** The routes for pages, below the path where they are mounted. */
  readonly routes: Hono;
  /** Stops driving, and closes the files. The next process continues the runs. */
  close(): Promise<void>;
}

const traceHeaders = { 'cache-control': 'no-store', 'content-type': 'application/json' };

export function openServerLoop({ folder, model, api }: ServerLoopOptions): ServerLoop {
  const shop = openShop(folder);
  const secret = keptSecret(join(folder, 'offer-secret'));
  const agent = shopAgent({ model, shop, secret });
  const trace = openRunTrace(join(folder, 'trace.db'));
  const store = sqliteStore({ path: join(folder, 'runs.db') });
  const runner = createRunner({
    client: fetchClient(api),
    agents: [agent],
    store,
    // Every run here has an owner, because only visitors start runs.
    context: ({ owner }): ShopContext | undefined => (owner === undefined ? undefined : { visitor: owner }),
  });
  const visitors = new WeakMap<Request, string>();
  const handler = createRunsHandler({
    runner,
    agents: [agent.name],
    authorize: (request) => visitors.get(request) ?? new Response(null, { status: 401 }),
    limits: { startsPerMinute: 60 },
    // A real site would not show requests and errors: they contain the instructions, and the arguments and outputs of
    // private tools. The demo shows them to explain what the loop does.
    showRequests: true,
    showErrors: true,
    onError: (error) => console.error('A request to the server’s runs failed:', error),
  });
  trace.follow(runner);
  // The runs of the process before this one.
  runner.resumeAll().catch((error: unknown) => console.error('Some runs could not be resumed:', error));
  const routes = new Hono()
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
  return {
    routes,
    close: async () => {
      await runner.close({ graceMs: 1_000 });
      store.close();
      shop.close();
      trace.close();
    },
  };

  async function isOwnedBy(runId: string, visitor: string): Promise<boolean> {
    const saved = await store.load(runId);
    return saved?.head.owner === visitor;
  }
}
