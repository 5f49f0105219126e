import { boundedJson } from '../wire/bounded-json.ts';
import { errorOfEvent, isErrorEvent } from '../wire/error-event.ts';
import { EventReader } from '../wire/event-reader.ts';
import { isJsonObject, type JsonValue } from '../wire/json.ts';

/**
 * Characters that may arrive without completing an event, at most. The largest event is the terminal one, which holds
 * the whole response. A longer event does not end, and would fill the memory.
 */
export const longestEvent: number = 64 * 1_048_576;

/** An event of the API. Some gateways give its type in the `event:` line alone (sap-ai-core-llm-proxy 35). */
function typed(body: JsonValue, event: string | undefined): JsonValue {
  // `message` is what every event is called that has no name (HTML standard, section 9.2).
  if (event === undefined || event === 'message') return body;
  if (!isJsonObject(body)) return body;
  if (typeof body['type'] !== 'string') return { ...body, type: event };
  const isError = event === 'error' && body['type'] !== event && isErrorEvent(body, event);
  return isError ? { ...body, type: event, error: errorOfEvent(body) } : body;
}

/** Puts the events of a stream into `batch`. Data that is not JSON is skipped, such as `[DONE]` or a truncated event. */
function readerInto(batch: unknown[]): EventReader {
  return new EventReader(({ data, event }) => {
    try {
      batch.push(typed(boundedJson(data), event));
    } catch {
      // Not an event of the API: nothing depends on it (I10), except an error that is a plain text.
      if (event === 'error') batch.push(data);
    }
  });
}

/** Completes the last event, whose blank line some servers leave out. */
const lastLine = '\n\n';

/** The events of a stream that is over, all at once. */
export async function* readEventText(text: string): AsyncIterable<readonly unknown[]> {
  const batch: unknown[] = [];
  readerInto(batch).feed(text + lastLine);
  yield batch;
}

/**
 * The events of a server-sent stream, in batches of what arrived together. Ends at the end of the stream.
 *
 * @throws when the connection breaks, or when an event has no end
 */
export async function* readEventStream(body: ReadableStream<Uint8Array>): AsyncIterable<readonly unknown[]> {
  const batch: unknown[] = [];
  const events = readerInto(batch);
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      events.feed(done ? decoder.decode() + lastLine : decoder.decode(value, { stream: true }));
      // Also when it is empty: bytes have arrived, so the stream is alive.
      yield batch.splice(0);
      if (done) return;
      if (events.openLength > longestEvent) {
        throw new Error(`an event of the stream is longer than ${longestEvent} characters`);
      }
    }
  } finally {
    // The consumer stopped reading: the connection must not stay open.
    await reader.cancel().catch(() => undefined);
  }
}
