/** A message of a server-sent stream. */
export interface StreamMessage {
  /** `message` if the server sent no `event:` line. */
  readonly event: string;
  readonly data: string;
}

/**
 * Returns a function that reads the next part of a stream of server-sent events (HTML standard, section 9.2) and returns
 * the messages that it completes. A page needs only `event` and `data`, and a complete parser weighs 1.5 kB more.
 */
function messageReader(): (text: string) => StreamMessage[] {
  /** The beginning of a line whose end has not arrived. */
  let line = '';
  let event = '';
  /** The data of the message so far, each line with a line feed. */
  let data = '';
  /** Whether the last part ended with a carriage return. A line feed after it belongs to it. */
  let isReturned = false;
  return (text) => {
    const messages: StreamMessage[] = [];
    const part = isReturned && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') isReturned = text.endsWith('\r');
    const [first = '', ...rest] = part.split(/\r\n|\r|\n/);
    const lines = [line + first, ...rest];
    line = lines.pop() ?? '';
    for (const one of lines) {
      if (one === '') {
        if (data !== '') messages.push({ event: event || 'message', data: data.slice(0, -1) });
        event = data = '';
      }
      // A comment begins with a colon, so its field is empty.
      const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(one) ?? [];
      if (field === 'data') data += `${value}\n`;
      if (field === 'event') event = value;
    }
    return messages;
  };
}

/**
 * Reads the messages of a stream of server-sent events. Messages that arrive together are one batch. For a heartbeat,
 * the batch is empty. The fields `id` and `retry` are not read, because the numbers of events are in their data. Ends at
 * the end of the stream. A message that is not complete at the end is dropped.
 *
 * @throws if the connection breaks
 */
export async function* readMessages(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<readonly StreamMessage[], void, void> {
  const read = messageReader();
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield read(decoder.decode(value, { stream: true }));
    }
  } finally {
    // The reader may stop early. The connection must not stay open then.
    await reader.cancel().catch(() => undefined);
  }
}
