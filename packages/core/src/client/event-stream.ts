import { createParser } from 'eventsource-parser';
import { boundedJson } from '../wire/bounded-json.ts';

/**
 * The events of a server-sent stream, in batches of what arrived together. What is no JSON is skipped: comments,
 * `[DONE]`, an event that was cut off. Rejects when the connection breaks; ends at its end, whatever came last.
 */
export async function* readEventStream(body: ReadableStream<Uint8Array>): AsyncIterable<readonly unknown[]> {
  let batch: unknown[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      try {
        batch.push(boundedJson(data));
      } catch {
        // Not an event of the API: nothing depends on it (I10).
      }
    },
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      // The parser keeps an event back until its blank line, which some servers leave out at the end.
      parser.feed(done ? `${decoder.decode()}\n\n` : decoder.decode(value, { stream: true }));
      // Also when it is empty: bytes have arrived, so the stream is alive.
      yield batch;
      if (done) return;
      batch = [];
    }
  } finally {
    // Left early, by the reader's choice: the connection must not stay open.
    await reader.cancel().catch(() => undefined);
  }
}
