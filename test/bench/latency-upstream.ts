/**
 * The API for {@link compareLatency}, in a separate process. Its answer is a text of some deltas at a constant pace,
 * and `/times` has the times at which it sent them. Arguments: the number of deltas, and the milliseconds between two
 * of them. Prints its URL.
 */
import process from 'node:process';
import { serve } from '@hono/node-server';
import { createEmulator } from '@longhaul/core/testing';
import { wallTime } from './lengths.ts';
import { delta } from './recorded-stream.ts';

const [deltas = 0, everyMs = 0] = process.argv.slice(2).map(Number);
const emulator = createEmulator({
  script: [{ text: delta.repeat(deltas), deltaSize: delta.length }],
  // The page has connected when the first delta is sent.
  queuedMs: 2_000,
  runMs: deltas * everyMs,
});
let times: number[] = [];

/** Records when each delta leaves this process. */
function recordTimes(): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  return new TransformStream({
    transform: (chunk, controller) => {
      const sent = decoder.decode(chunk).split('event: response.output_text.delta\n').length - 1;
      controller.enqueue(chunk);
      const at = wallTime();
      for (let count = 0; count < sent; count += 1) times.push(at);
    },
  });
}

async function answer(request: Request): Promise<Response> {
  if (request.url.endsWith('/times')) {
    const sent = times;
    times = [];
    return Response.json(sent);
  }
  const { status, headers, body } = await emulator.fetch(request);
  return new Response(body?.pipeThrough(recordTimes()) ?? null, { status, headers });
}

serve({ fetch: answer, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}`);
});
