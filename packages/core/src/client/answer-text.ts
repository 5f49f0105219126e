import type { Clock } from '../clock/clock.ts';
import { withTimeout } from '../clock/time-out.ts';
import type { NormalizedResponse } from './normalize-response.ts';
import { boundedText } from '../wire/bounded-text.ts';

/** Characters of an error's body that are read, at most. */
const longest = 1_048_576;
/** Milliseconds until an error's body is there, at most: it is short, and its status has said the most of it already. */
const errorBodyTimeoutMs = 10_000;

/**
 * The body of an answer that is no success, as far as it comes: one that stalls, breaks or does not end leaves the
 * status to decide.
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
    while (read.length < longest) {
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
  // Not awaited: a body that stalls may not let go of itself either.
  void reader?.cancel().catch(() => undefined);
  return read;
}

/** Bytes of a JSON answer, decoded, at most: 64 MiB. A compressed answer may unpack to a thousand times its size. */
const largestBodyBytes = 64 * 1_048_576;

/**
 * The text of an answer.
 *
 * @throws RangeError when it is larger than 64 MiB
 */
export function bodyText({ body, text }: Pick<NormalizedResponse, 'body' | 'text'>): Promise<string> {
  return body === undefined ? text() : boundedText(body, largestBodyBytes);
}
