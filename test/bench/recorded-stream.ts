import { createEmulator } from '@longhaul/core/testing';

const encoder = new TextEncoder();

/** The typical size of a chunk from a socket. */
const chunkBytes = 16_384;

/** The text of each delta. */
export const delta = 'word ';

/** The events of the stream of a background response, whose text has `deltas` deltas, in wire format. */
export async function recordEvents(deltas: number): Promise<readonly string[]> {
  const text = delta.repeat(deltas);
  const emulator = createEmulator({ script: [{ text, deltaSize: delta.length }], queuedMs: 0, runMs: 0 });
  const response = await emulator.fetch('http://emulator.test/v1/responses', {
    method: 'POST',
    body: JSON.stringify({ model: 'gpt-6-astra', input: 'Write.', background: true, stream: true }),
  });
  return (await response.text()).split(/(?<=\n\n)/);
}

/** The same events as chunks of bytes. */
export async function recordStream(deltas: number): Promise<readonly Uint8Array[]> {
  const bytes = encoder.encode((await recordEvents(deltas)).join(''));
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) chunks.push(bytes.subarray(at, at + chunkBytes));
  return chunks;
}

/** An answer that streams recorded chunks, one for each read. */
export function replayed(chunks: readonly Uint8Array[]): Response {
  let next = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const chunk = chunks[next];
      next += 1;
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}
