import { boundedJson } from '../../wire/parse-json.ts';
import { isJsonObject, type JsonValue } from '../../wire/json.ts';
import { exceededBound } from '../request/json-bounds.ts';

/**
 * Bounds that no answer of the API is expected to reach. Log probabilities of 32,000 tokens, with 20 alternatives each,
 * have 5,000,000 values.
 */
const bounds = { depth: 256, values: 8_000_000, keys: 5_000, key: 1_024 } as const;

/** Maximum number of items of a response. The proxy rewrites each item. */
const mostItems = 20_000;

/** A text up to this length cannot exceed the bounds `values` and `keys`; `boundedJson` checks the depth. */
const alwaysFits = 16_384;

function hasTooManyItems(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false;
  const { output, response } = value;
  return (
    (Array.isArray(output) && output.length > mostItems) ||
    (response !== undefined && hasTooManyItems(response))
  );
}

/**
 * Reads JSON of the API within bounds, so that the proxy can rewrite it quickly. `boundedJson` limits only the depth.
 * This function also limits the size, because the proxy serves many clients. A compressed answer of a hundred kilobytes
 * may contain millions of items or fields, and reading them would block all other requests for minutes.
 *
 * @throws Error if the text is not JSON or exceeds a bound
 */
export function answerJson(text: string): JsonValue {
  if (text.length <= alwaysFits) return boundedJson(text);
  const exceeded = exceededBound(text, bounds);
  if (exceeded !== undefined) throw new Error(`it ${exceeded}`);
  const value = boundedJson(text);
  if (hasTooManyItems(value)) throw new Error(`it has more than ${mostItems} items`);
  return value;
}
