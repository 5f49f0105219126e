import { join } from 'node:path';
import process from 'node:process';
import { fetchClient } from '@longhaul/core';
import { createWorker } from '@longhaul/core/queue';
import { postgresStore } from '@longhaul/core/store/postgres';
import type { ShopContext } from '../agent/shop-context.ts';
import { shopAgent } from '../agent/shop-agent.ts';
import { apiOf } from '../demo-app.ts';
import { keptSecret } from '../kept-secret.ts';
import { readSettings } from '../settings.ts';
import { openShop } from '../shop/open-shop.ts';
import { databasePool } from './database-pool.ts';
import { driverTable } from './driver-table.ts';
import { readWorkerSettings } from './worker-settings.ts';

// A worker process of `npm run start:workers`. The supervisor starts it, and kills it when the page asks for that.

/** The responses of the simulated model take seconds, so its runs are parked for short waits too. */
const parkAfterMs = 1_000;
/** The time in which a worker hands back its runs, in milliseconds. */
const closeWithinMs = 12_000;

const { number, folder, database, schema, emulator } = readWorkerSettings(process.env);
const { openai, models } = readSettings(process.env);
const api = openai === undefined ? { apiKey: 'emulator', baseURL: emulator } : apiOf(openai);
const pool = databasePool(database, 8);
const store = postgresStore({ database: pool, schema });
const drivers = driverTable(pool, schema);
const shop = openShop(folder);
const secret = keptSecret(join(folder, 'offer-secret'));
const worker = createWorker({
  client: fetchClient(api),
  agents: [shopAgent({ model: models[0] ?? 'gpt-6-astra', shop, secret })],
  store,
  parkAfterMs,
  // The worker calls this each time it begins to drive a run, so the page can show which worker drives it.
  context: async ({ owner, runId }): Promise<ShopContext | undefined> => {
    await drivers.record(runId, number, process.pid);
    return owner === undefined ? undefined : { visitor: owner };
  },
  onError: (error) => console.error(`Worker ${number}: ${error.message}`),
});

let isStopping = false;
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  setTimeout(() => process.exit(1), closeWithinMs).unref();
  try {
    await worker.close({ graceMs: 1_000 });
    await store.close();
    await pool.end();
    shop.close();
  } catch (error) {
    console.error(`Worker ${number} could not hand back its runs:`, error);
  }
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
// The supervisor has exited, so this process must exit too.
process.once('disconnect', () => void stop());

await worker.start();
