import type { Item } from '../../wire/items.ts';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';

/**
 * The error for JSON mode without the word “JSON” in the conversation. A model without that instruction writes endless
 * whitespace.
 */
export function jsonModeError(body: JsonObject, conversation: readonly Item[]): ApiError | undefined {
  const format = isJsonObject(body['text']) ? body['text']['format'] : undefined;
  if (!isJsonObject(format) || format['type'] !== 'json_object') return undefined;
  if (/json/i.test(JSON.stringify([conversation, body['instructions'] ?? null]))) return undefined;
  return invalidRequest(
    "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
    'input',
  );
}
