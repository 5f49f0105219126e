import { createParser } from 'eventsource-parser';
import { boundedJson } from '../wire/parse-json.ts';
import { errorOfEvent, isErrorEvent } from '../wire/error-object.ts';
import { isJsonObject, type JsonValue } from '../wire/json.ts';

/**
 * Bytes that may arrive without completing an event, at most: 64 MiB. The largest event is the terminal one, which holds
 * the whole response; a stream that exceeds this has no end of an event, and would fill the memory.
 */
export const largestEventBytes: number = 64 * 1_048_576;

/** An event of the API. Some gateways give its type in the `event:` line alone (sap-ai-core-llm-proxy 35). */
function typed(body: JsonValue, event: string | undefined): JsonValue {
  // `message` is what every event is called that has no name (HTML standard, section 9.2).
  if (event === undefined || event === 'message') return body;
  if (!isJsonObject(body)) return body;
  if (typeof body['type'] !== 'string') return { ...body, type: event };
  const isError = event === 'error' && body['type'] !== event && isErrorEvent(body, event);
  return isError ? { ...body, type: event, error: errorOfEvent(body) } : body;
}

/** Puts the events of what it is fed into `batch`, and calls `whole` at the end of each. What is no JSON is skipped: `[DONE]`, an event that was cut off. */
function parserInto(batch: unknown[], whole: () => void = () => undefined): ReturnType<typeof createParser> {
  return createParser({
    onEvent: ({ data, event }) => {
      whole();
      try {
        batch.push(typed(boundedJson(data), event));
      } catch {
        // Not an event of the API: nothing depends on it (I10), but for an error that is a mere text.
        if (event === 'error') batch.push(data);
      }
    },
  });
}

/** The parser keeps an event back until its blank line, which some servers leave out at the end. */
const lastLine = '\n\n';

/** The events of a stream that is over, all at once. */
export async function* readEventText(text: string): AsyncIterable<readonly unknown[]> {
  const batch: unknown[] = [];
  parserInto(batch).feed(text + lastLine);
  yield batch;
}

/**
 * The events of a server-sent stream, in batches of what arrived together. Ends at the end of the stream.
 *
 * @throws when the connection breaks, or when an event has no end
 */
export async function* readEventStream(body: ReadableStream<Uint8Array>): AsyncIterable<readonly unknown[]> {
  const batch: unknown[] = [];
  let unfinishedBytes = 0;
  const parser = parserInto(batch, () => {
    unfinishedBytes = 0;
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      unfinishedBytes += value?.length ?? 0;
      parser.feed(done ? decoder.decode() + lastLine : decoder.decode(value, { stream: true }));
      // Also when it is empty: bytes have arrived, so the stream is alive.
      yield batch.splice(0);
      if (done) return;
      if (unfinishedBytes > largestEventBytes) {
        throw new Error(`an event of the stream is larger than ${largestEventBytes} bytes`);
      }
    }
  } finally {
    // Left early, by the reader's choice: the connection must not stay open.
    await reader.cancel().catch(() => undefined);
  }
}
