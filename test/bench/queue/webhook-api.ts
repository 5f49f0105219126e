/**
 * The API of {@link compareWebhooks}, in a process of its own. Arguments: the URL for webhooks, their secret, and how
 * long a response takes, in milliseconds. Below `/delays` it has the milliseconds from each webhook to the next GET of
 * its response. Prints its URL.
 */
import process from 'node:process';
import { serve } from '@hono/node-server';
import { createEmulator } from '@longhaul/core/testing';

const [url = '', secret = '', runMs = ''] = process.argv.slice(2);
const sent = new Map<string, number>();
const delays: number[] = [];
let unexpected = 0;
const emulator = createEmulator({
  script: () => ({ text: 'Done.' }),
  queuedMs: 0,
  runMs: Number(runMs),
  keepRequests: 1,
  webhooks: {
    url,
    secret,
    fetch: (target, init) => {
      const { data } = JSON.parse(String(init?.body));
      sent.set(data.id, performance.now());
      return fetch(target, init);
    },
  },
});

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === '/delays') return Response.json({ delays, unexpected });
  if (request.method === 'GET') {
    const id = pathname.split('/').at(-1) ?? '';
    const at = sent.get(id);
    if (at === undefined) unexpected += 1;
    else delays.push(performance.now() - at);
    sent.delete(id);
  }
  return emulator.fetch(request);
}

serve({ fetch: answer, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}`);
});
