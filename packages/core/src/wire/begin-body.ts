/** A body that has been read until its kind is known. */
export interface BegunBody {
  readonly isEvents: boolean;
  /** The text that was read. */
  readonly text: string;
  /** The whole body, including the text that was read. */
  readonly whole: ReadableStream<Uint8Array>;
}

/** Media types are compared without case and parameters (RFC 9110, section 8.3.1). */
export function isEventStream(headers: Headers): boolean {
  return /^\s*text\/event-stream\s*(?:;|$)/i.test(headers.get('content-type') ?? '');
}

/** Matches the beginning of an event stream's line: a field, or a comment (HTML standard, section 9.2). */
const eventField = /^(?:data|event|id|retry)\s*(?::|\r|\n)|^:/;

/** Maximum length of leading spaces, because a body of only spaces would fill the memory. */
const mostBlanks = 2 ** 16;

/** Whether a text begins an event stream; undefined if it is too short to decide. */
export function beginsEvents(text: string): boolean | undefined {
  const start = text.replace(/^\uFEFF/, '').trimStart();
  if (eventField.test(start)) return true;
  const isOpen = start.length < 'retry:'.length && !/^[<{["]/.test(start) && text.length < mostBlanks;
  return isOpen ? undefined : false;
}

/**
 * Reads a body until it is known whether it is a stream of events. Only the content decides, not the media type:
 * gateways send streams as `text/plain` or without a type (sap-ai-core-llm-proxy 35), and label JSON as a stream.
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

/** Returns a stream whose first chunks have already been read. */
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
