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
 * `eventsource-parser` needs 1.7 kB of the 8 kB that `remoteRunner` may have.
 *
 * @throws if the connection breaks
 */
export async function* readMessages(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<readonly StreamMessage[], void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let event = '';
  let data: string[] = [];
  const readLine = (line: string): StreamMessage | undefined => {
    if (line === '') {
      const message = { event: event || 'message', data: data.join('\n') };
      const isMessage = data.length > 0;
      event = '';
      data = [];
      return isMessage ? message : undefined;
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
    return undefined;
  };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      // A CR at the end may be the first half of a line break.
      const text = rest + decoder.decode(value, { stream: true });
      const lines = text.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      yield lines.flatMap((line) => readLine(line) ?? []);
    }
  } finally {
    // The reader may stop early. The connection must not stay open then.
    await reader.cancel().catch(() => undefined);
  }
}
