import { join } from 'node:path';
import { createWebhookHandler } from '@longhaul/core/server';
import { queueRunner } from '@longhaul/core/queue';
import { postgresStore } from '@longhaul/core/store/postgres';
import type { Hono } from 'hono';
import { shopAgent } from '../agent/shop-agent.ts';
import { keptSecret } from '../kept-secret.ts';
import { runRoutes } from '../loop/run-routes.ts';
import type { ServerLoop } from '../loop/server-loop.ts';
import { openShop } from '../shop/open-shop.ts';
import { databasePool } from './database-pool.ts';
import { driverTable } from './driver-table.ts';
import type { DemoDatabase } from './messages.ts';
import type { Workers } from './supervisor-link.ts';
import { workerRoutes } from './worker-routes.ts';

export interface WorkerFrontOptions {
  /** The folder of the shop's database and of the secret for offers. */
  readonly folder: string;
  readonly model: string;
  readonly database: DemoDatabase;
  readonly workers: Workers;
  readonly webhookSecret: string;
}

/** The web process of the workers: it starts and shows runs, and passes on decisions and webhooks. It drives none. */
export interface WorkerFront extends ServerLoop {
  /** The routes for the page's list of workers. */
  readonly workerRoutes: Hono;
  /** Receives the webhooks of the API. */
  readonly webhooks: (request: Request) => Promise<Response>;
}

export async function openWorkerFront(options: WorkerFrontOptions): Promise<WorkerFront> {
  const { folder, model, database, workers, webhookSecret } = options;
  // The workers open the same files later, so they find them complete.
  const shop = openShop(folder);
  const agent = shopAgent({ model, shop, secret: keptSecret(join(folder, 'offer-secret')) });
  const pool = databasePool(database.url, 8);
  const store = postgresStore({ database: pool, schema: database.schema });
  const drivers = driverTable(pool, database.schema);
  await drivers.prepare();
  const runner = queueRunner({ store, agents: [agent] });
  // Recording the events of a run would count as watching it: its responses would be streamed, and it would never be
  // parked. So the page has only the events of the time in which it watches a run.
  const trace = {
    read: () => '[]',
    forget: (runId: string) =>
      void drivers.forget(runId).catch((error: unknown) => console.error('A row was not deleted:', error)),
  };
  return {
    routes: runRoutes({ runner, store, agent: agent.name, trace }),
    workerRoutes: workerRoutes(workers, drivers),
    webhooks: createWebhookHandler({
      secret: webhookSecret,
      runner,
      onError: (error) => console.error('A webhook could not be processed:', error),
    }),
    close: async () => {
      await runner.close({ graceMs: 0 });
      await store.close();
      await pool.end();
      shop.close();
    },
  };
}
