import type { Clock } from '../clock/clock.ts';
import { within } from '../clock/within.ts';
import type { AnyAnswer } from './any-answer.ts';

/** Characters of an error's body that are read, at most. */
const longest = 1_048_576;
/** Milliseconds until an error's body is there, at most: it is short, and its status has said the most of it already. */
const patienceMs = 10_000;

/**
 * The body of an answer that is no success, as far as it comes: one that stalls, breaks or does not end leaves the
 * status to decide.
 */
export async function errorText(
  { body, text }: Pick<AnyAnswer, 'body' | 'text'>,
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
  await within(
    patienceMs,
    clock,
    readAll().catch(() => undefined),
    () => undefined,
  );
  // Not awaited: a body that stalls may not let go of itself either.
  void reader?.cancel().catch(() => undefined);
  return read;
}
