import { join } from 'node:path';
import { createRunner, fetchClient } from '@longhaul/core';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import type { Hono } from 'hono';
import type { ShopContext } from '../agent/shop-context.ts';
import { shopAgent } from '../agent/shop-agent.ts';
import { keptSecret } from '../kept-secret.ts';
import { openShop } from '../shop/open-shop.ts';
import { runRoutes } from './run-routes.ts';
import { openRunTrace } from './run-trace.ts';

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
  trace.follow(runner);
  // The runs of the process before this one.
  runner.resumeAll().catch((error: unknown) => console.error('Some runs could not be resumed:', error));
  return {
    routes: runRoutes({ runner, store, agent: agent.name, trace }),
    close: async () => {
      await runner.close({ graceMs: 1_000 });
      store.close();
      shop.close();
      trace.close();
    },
  };
}
