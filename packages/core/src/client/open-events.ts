import type { Clock } from '../clock/clock.ts';
import { beginBody, beginsEvents, isEventStream } from '../wire/begin-body.ts';
import type { NormalizedResponse } from './normalize-response.ts';
import { bodyText, errorText } from './answer-text.ts';
import { readEventStream, readEventText } from './event-stream.ts';

/** An opened body: a stream of events, or a text. */
export type OpenedBody =
  | { readonly kind: 'stream'; readonly events: AsyncIterable<readonly unknown[]> }
  | { readonly kind: 'text'; readonly text: string };

/**
 * Opens an answer that may be a stream. Its body decides whether it is one. If the platform cannot read a body in
 * parts, like React Native (react-native 37505), all events arrive in one batch when the stream has ended.
 */
export async function openEvents(answer: NormalizedResponse, clock: Clock): Promise<OpenedBody> {
  const isStream = isEventStream(answer.headers);
  if (answer.body) return openBody(answer.body, clock);
  const text = await answer.text();
  if (beginsEvents(text) === false || (!isStream && text === '')) return { kind: 'text', text };
  return { kind: 'stream', events: readEventText(text) };
}

async function openBody(body: ReadableStream<Uint8Array>, clock: Clock): Promise<OpenedBody> {
  const { isEvents, text, whole } = await beginBody(body);
  if (isEvents) return { kind: 'stream', events: readEventStream(whole) };
  const rest = { body: whole, text: async () => '' };
  // A model may take minutes, but a page arrives immediately. So only the wait for a page is limited.
  return { kind: 'text', text: await (/^\s*</.test(text) ? errorText(rest, clock) : bodyText(rest)) };
}
