import { boundedText } from '../wire/bounded-text.ts';
import type { AnyAnswer } from './any-answer.ts';

/** Bytes of a JSON answer, decoded, at most: 64 MiB. A compressed answer may unpack to a thousand times its size. */
const largestBodyBytes = 64 * 1_048_576;

/**
 * The text of an answer.
 *
 * @throws RangeError when it is larger than 64 MiB
 */
export function bodyText({ body, text }: Pick<AnyAnswer, 'body' | 'text'>): Promise<string> {
  return body === undefined ? text() : boundedText(body, largestBodyBytes);
}
