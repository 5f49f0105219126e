import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import process from 'node:process';
import { serve } from '@hono/node-server';
import { openDemo } from './open-demo.ts';
import { createProductionApp } from './production-app.ts';

/**
 * Serves the demo in production: `node apps/demo/server/production.ts` after `npm run build`. Reads `HOST` (127.0.0.1),
 * `PORT` (4173), `LONGHAUL_DEMO_HOSTS` (host names) and `LONGHAUL_DEMO_PASSWORD` (every visitor must enter it).
 */
const pageFolder = fileURLToPath(new URL('../dist', import.meta.url));
const hostname = process.env['HOST'] ?? '127.0.0.1';
const port = Number(process.env['PORT'] ?? 4173);
const password = process.env['LONGHAUL_DEMO_PASSWORD']?.trim() || undefined;
const isLocal = ['127.0.0.1', '::1', 'localhost'].includes(hostname);

function refuse(message: string): never {
  console.error(message);
  process.exit(1);
}

if (!existsSync(pageFolder))
  refuse('The page is not built. Run `npm run build` in the root of the project first.');
const demo = openDemo(process.env, port);
if (!demo.isSimulated && !isLocal && password === undefined) {
  refuse(
    'Every visitor of this server could use OPENAI_API_KEY. Set LONGHAUL_DEMO_PASSWORD, or HOST=127.0.0.1.',
  );
}

const app = createProductionApp({ demo: demo.app, hosts: demo.hosts, pageFolder, password });
const server = serve({ fetch: app.fetch, hostname, port, overrideGlobalObjects: false }, (address) => {
  console.log(`  ➜  http://${isLocal ? '127.0.0.1' : hostname}:${address.port}/`);
});

async function stop(): Promise<void> {
  await demo.close();
  server.close(() => process.exit(0));
  // Open streams would delay the exit until their runs end.
  if ('closeAllConnections' in server) server.closeAllConnections();
}
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
