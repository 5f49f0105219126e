import { boundedText } from '../wire/bounded-text.ts';

/** Bytes of a JSON answer, decoded, at most: 64 MiB. A compressed answer may unpack to a thousand times its size. */
const largestBodyBytes = 64 * 1_048_576;

/**
 * The text of an answer. React Native's answers have no `body` to read in parts (react-native 37505).
 *
 * @throws RangeError when it is larger than 64 MiB
 */
export function bodyText(answer: Response): Promise<string> {
  const body: ReadableStream<Uint8Array> | null | undefined = answer.body;
  return body ? boundedText(body, largestBodyBytes) : answer.text();
}
