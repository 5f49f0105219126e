import { createParser } from 'eventsource-parser';

/** A message of a server-sent stream. */
export interface StreamMessage {
  /** `message` if the server sent no `event:` line. */
  readonly event: string;
  readonly data: string;
}

/**
 * Reads the messages of a stream of server-sent events (HTML standard, section 9.2). Messages that arrive together are
 * one batch. For a heartbeat, the batch is empty. The fields `id` and `retry` are not read, because the numbers of events
 * are in their data. Ends at the end of the stream. A message that is not complete at the end is dropped.
 *
 * @throws if the connection breaks
 */
export async function* readMessages(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<readonly StreamMessage[], void, void> {
  const batch: StreamMessage[] = [];
  const parser = createParser({
    onEvent: ({ event = '', data }) => void batch.push({ event: event || 'message', data }),
  });
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield batch.splice(0);
    }
  } finally {
    // The reader may stop early. The connection must not stay open then.
    await reader.cancel().catch(() => undefined);
  }
}
