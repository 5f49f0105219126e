/**
 * A process that receives webhooks on a port of loopback, for runs that another process drives. Arguments: the SQLite
 * file, the secret. Prints the port, and `true` or `false` for each webhook: whether a run waited for its response.
 */
import process from 'node:process';
import { serve } from '@hono/node-server';
import { createRunner, fetchClient } from '@longhaul/core';
import { createWebhookHandler } from '@longhaul/core/server';
import { sqliteStore } from '@longhaul/core/store/sqlite';

const [path = '', secret = ''] = process.argv.slice(2);
// This process drives nothing: it has no agents, and its client is not used.
const runner = createRunner({
  client: fetchClient({ baseURL: 'http://127.0.0.1:1/v1' }),
  store: sqliteStore({ path }),
});
const handle = createWebhookHandler({
  secret,
  runner: {
    wakeResponse: async (responseId) => {
      const isWoken = await runner.wakeResponse(responseId);
      process.stdout.write(`${isWoken}\n`);
      return isWoken;
    },
  },
});
serve({ fetch: handle, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.stdout.write(`${port}\n`);
});
