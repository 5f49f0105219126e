import { readEventStream } from './event-stream.ts';

/** What a body turned out to be: a stream of events, or a text. */
export type OpenedBody =
  | { readonly kind: 'stream'; readonly events: AsyncIterable<readonly unknown[]> }
  | { readonly kind: 'text'; readonly text: string };

/** Media types are compared without case and parameters (RFC 9110, section 8.3.1). */
export function isEventStream(headers: Headers): boolean {
  return /^\s*text\/event-stream\s*(?:;|$)/i.test(headers.get('content-type') ?? '');
}

/** How a line of an event stream begins: a field, or a comment (HTML standard, section 9.2). */
const eventField = /^(?:data|event|id|retry)\s*(?::|\r|\n)|^:/;

/** Whether the text so far begins an event stream; undefined while it is too short to tell. */
function beginsEvents(text: string): boolean | undefined {
  const start = text.replace(/^\uFEFF/, '').trimStart();
  if (eventField.test(start)) return true;
  return start.length < 'retry:'.length && !/^[<{["]/.test(start) ? undefined : false;
}

/**
 * Opens the body of an answer that may be a stream. A body that parses as events is one, whatever its media type says:
 * gateways send `text/plain`, or none (sap-ai-core-llm-proxy 35).
 */
export async function openEvents(headers: Headers, body: ReadableStream<Uint8Array>): Promise<OpenedBody> {
  if (isEventStream(headers)) return { kind: 'stream', events: readEventStream(body) };
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const chunks: Uint8Array[] = [];
  let text = '';
  let verdict: boolean | undefined;
  while (verdict !== true) {
    const { done, value } = await reader.read();
    if (done) return { kind: 'text', text: text + decoder.decode() };
    chunks.push(value);
    text += decoder.decode(value, { stream: true });
    verdict ??= beginsEvents(text);
    if (verdict === false) chunks.length = 0;
  }
  return { kind: 'stream', events: readEventStream(continued(chunks, reader)) };
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
