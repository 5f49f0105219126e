/** A body that has been read as far as tells what it is. */
export interface BegunBody {
  readonly isEvents: boolean;
  /** What of it was read. */
  readonly text: string;
  /** All of it, what was read included. */
  readonly whole: ReadableStream<Uint8Array>;
}

/** Media types are compared without case and parameters (RFC 9110, section 8.3.1). */
export function isEventStream(headers: Headers): boolean {
  return /^\s*text\/event-stream\s*(?:;|$)/i.test(headers.get('content-type') ?? '');
}

/** How a line of an event stream begins: a field, or a comment (HTML standard, section 9.2). */
const eventField = /^(?:data|event|id|retry)\s*(?::|\r|\n)|^:/;

/** Blanks before anything else, at most: a body that never says what it is would fill the memory. */
const mostBlanks = 2 ** 16;

/** Whether the text so far begins an event stream; undefined while it is too short to tell. */
export function beginsEvents(text: string): boolean | undefined {
  const start = text.replace(/^\uFEFF/, '').trimStart();
  if (eventField.test(start)) return true;
  const isOpen = start.length < 'retry:'.length && !/^[<{["]/.test(start) && text.length < mostBlanks;
  return isOpen ? undefined : false;
}

/**
 * Reads as much of a body as tells whether it is a stream of events. One that parses as events is one, whatever its media
 * type says, and no other is: gateways send `text/plain`, or none (sap-ai-core-llm-proxy 35), and label JSON as a stream.
 */
export async function beginBody(body: ReadableStream<Uint8Array>): Promise<BegunBody> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const chunks: Uint8Array[] = [];
  for (let text = ''; ; ) {
    const { done, value } = await reader.read();
    if (!done) chunks.push(value);
    text += done ? decoder.decode() : decoder.decode(value, { stream: true });
    const isEvents = done ? false : beginsEvents(text);
    if (isEvents !== undefined) return { isEvents, text, whole: continued(chunks, reader) };
  }
}

/** A stream whose first chunks have been read already. */
function continued(
  chunks: readonly Uint8Array[],
  reader: ReadableStreamDefaultReader<Uint8Array>,
): ReadableStream<Uint8Array> {
  const read = [...chunks];
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const first = read.shift();
      if (first !== undefined) return controller.enqueue(first);
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
