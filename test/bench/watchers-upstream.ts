/**
 * The API for {@link compareWatchers}, in a separate process. Its answers stay queued until a request to `/release`.
 * Arguments: the number of deltas of each answer, and the milliseconds between two of them. Prints its URL.
 */
import process from 'node:process';
import { serve } from '@hono/node-server';
import { createEmulator } from '@longhaul/core/testing';
import { delta } from './recorded-stream.ts';

const [deltas = 0, everyMs = 0] = process.argv.slice(2).map(Number);
const emulator = createEmulator({
  script: () => ({ text: delta.repeat(deltas), deltaSize: delta.length }),
  queuedMs: 0,
  runMs: deltas * everyMs,
  keepRequests: 1,
});
emulator.holdQueue();

function answer(request: Request): Response | Promise<Response> {
  if (!request.url.endsWith('/release')) return emulator.fetch(request);
  emulator.releaseQueue();
  return new Response();
}

serve({ fetch: answer, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}`);
});
