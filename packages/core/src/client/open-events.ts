import type { Clock } from '../clock/clock.ts';
import type { AnyAnswer } from './any-answer.ts';
import { bodyText } from './body-text.ts';
import { errorText } from './error-text.ts';
import { readEventStream, readEventText } from './event-stream.ts';

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
 * Opens an answer that may be a stream. A body that parses as events is one, whatever its media type says, and no other is:
 * gateways send `text/plain`, or none (sap-ai-core-llm-proxy 35), and label JSON as a stream. Where a platform gives no body to read in parts, as React Native
 * (react-native 37505), the events come all at once when the stream is over.
 */
export async function openEvents(answer: AnyAnswer, clock: Clock): Promise<OpenedBody> {
  const isStream = isEventStream(answer.headers);
  if (answer.body) return openBody(answer.body, clock);
  const text = await answer.text();
  if (beginsEvents(text) === false || (!isStream && text === '')) return { kind: 'text', text };
  return { kind: 'stream', events: readEventText(text) };
}

/** Reads as much of a body as tells what it is, and the rest of a text. */
async function openBody(body: ReadableStream<Uint8Array>, clock: Clock): Promise<OpenedBody> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const chunks: Uint8Array[] = [];
  for (let text = ''; ; ) {
    const { done, value } = await reader.read();
    if (done) return { kind: 'text', text: text + decoder.decode() };
    chunks.push(value);
    text += decoder.decode(value, { stream: true });
    const verdict = beginsEvents(text);
    if (verdict === undefined) continue;
    const whole = continued(chunks, reader);
    if (verdict) return { kind: 'stream', events: readEventStream(whole) };
    const rest = { body: whole, text: async () => '' };
    // A page is nobody's work: it is not waited for as the model is.
    return { kind: 'text', text: await (/^\s*</.test(text) ? errorText(rest, clock) : bodyText(rest)) };
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
