/**
 * Serves the route module of the example for Next.js, as Next.js calls it: first `register`, then one exported function
 * for each method.
 */
import { getRequestListener } from '@hono/node-server';
import { createServer } from 'node:http';
import process from 'node:process';
import * as route from './examples/on-a-server/app/api/longhaul/[...path]/route.ts';
import { register } from './examples/on-a-server/instrumentation.ts';

process.env['NEXT_RUNTIME'] = 'nodejs';
await register();
const handlers: ReadonlyMap<string, (request: Request) => Promise<Response>> = new Map(
  Object.entries({ GET: route.GET, POST: route.POST, DELETE: route.DELETE }),
);
const listener = getRequestListener(
  (request) => handlers.get(request.method)?.(request) ?? new Response(null, { status: 405 }),
);
const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
server.listen(Number(process.env['PORT']), '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') console.log(`http://127.0.0.1:${address?.port}`);
});
