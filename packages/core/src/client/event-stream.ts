import { createParser } from 'eventsource-parser';
import { boundedJson } from '../wire/parse-json.ts';
import { errorOfEvent, isErrorEvent } from '../wire/error-object.ts';
import { isJsonObject, type JsonValue } from '../wire/json.ts';

/**
 * The maximum number of bytes that may arrive before an event is complete. The largest event is the terminal one, which
 * contains the whole response. An event that never ends would fill the memory.
 */
export const largestEventBytes: number = 64 * 1_048_576;

/** An event with its type. Some gateways send the type only in the `event:` line (sap-ai-core-llm-proxy 35). */
function withType(body: JsonValue, event: string | undefined): JsonValue {
  // `message` is the name of events without a name (HTML standard, section 9.2).
  if (event === undefined || event === 'message') return body;
  if (!isJsonObject(body)) return body;
  if (typeof body['type'] !== 'string') return { ...body, type: event };
  const isError = event === 'error' && body['type'] !== event && isErrorEvent(body, event);
  return isError ? { ...body, type: event, error: errorOfEvent(body) } : body;
}

/**
 * Creates a parser that adds events to `batch`, and calls `onComplete` at the end of each. It skips data that is not
 * JSON, such as `[DONE]` and truncated events.
 */
function parserInto(
  batch: unknown[],
  onComplete: () => void = () => undefined,
): ReturnType<typeof createParser> {
  return createParser({
    onEvent: ({ data, event }) => {
      onComplete();
      try {
        batch.push(withType(boundedJson(data), event));
      } catch {
        // Not an event of the API, so it is ignored (I10). Only an error may be plain text.
        if (event === 'error') batch.push(data);
      }
    },
  });
}

/** Completes the last event. The parser waits for a blank line, which some servers omit at the end. */
const lastLine = '\n\n';

/** The events of a stream that has ended, in one batch. */
export async function* readEventText(text: string): AsyncIterable<readonly unknown[]> {
  const batch: unknown[] = [];
  parserInto(batch).feed(text + lastLine);
  yield batch;
}

/**
 * The events of a server-sent stream. Events that arrive together are one batch. Ends at the end of the stream.
 *
 * @throws if the connection breaks, or an event is too large
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
      // Yield empty batches too: bytes have arrived, so the stream is alive.
      yield batch.splice(0);
      if (done) return;
      if (unfinishedBytes > largestEventBytes) {
        throw new Error(`an event of the stream is larger than ${largestEventBytes} bytes`);
      }
    }
  } finally {
    // The reader may stop early. The connection must not stay open then.
    await reader.cancel().catch(() => undefined);
  }
}
