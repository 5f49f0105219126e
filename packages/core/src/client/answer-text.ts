import type { Clock } from '../clock/clock.ts';
import { withTimeout } from '../clock/time-out.ts';
import type { NormalizedResponse } from './normalize-response.ts';
import { boundedText } from '../wire/bounded-text.ts';

/** The reading of an error's body ends when it has this many characters. */
const maxErrorCharacters = 1_048_576;
/** The time limit for reading an error's body, in ms. The body is short, and its status is already known. */
const errorBodyTimeoutMs = 10_000;

/**
 * Reads the body of an answer with an error status. If the body stalls, breaks or does not end, returns the part that
 * has arrived. The status alone then decides what the failure means.
 */
export async function errorText(
  { body, text }: Pick<NormalizedResponse, 'body' | 'text'>,
  clock: Clock,
): Promise<string> {
  let read = '';
  const reader = body?.getReader();
  const readAll = async (): Promise<void> => {
    if (reader === undefined) {
      read = await text();
      return;
    }
    const decoder = new TextDecoder();
    while (read.length < maxErrorCharacters) {
      const { done, value } = await reader.read();
      if (done) return;
      read += decoder.decode(value, { stream: true });
    }
  };
  await withTimeout(
    errorBodyTimeoutMs,
    clock,
    readAll().catch(() => undefined),
    () => undefined,
  );
  // Not awaited, because the cancel of a stalled body may not settle either.
  void reader?.cancel().catch(() => undefined);
  return read;
}

/** The maximum size of a decoded body, in bytes. A compressed answer may unpack to a thousand times its size. */
const maxBodyBytes = 64 * 1_048_576;

/**
 * Reads the text of an answer.
 *
 * @throws RangeError if a body that can be read in parts is larger than 64 MiB
 */
export function bodyText({ body, text }: Pick<NormalizedResponse, 'body' | 'text'>): Promise<string> {
  return body === undefined ? text() : boundedText(body, maxBodyBytes);
}
