import { isJsonObject, type JsonValue } from './json.ts';

/**
 * The fields with the text in errors that do not have OpenAI's shape, most informative first: Ollama, FastAPI,
 * gateways, SOAP.
 */
const places: readonly string[] = [
  'error',
  'detail',
  'message',
  'errors',
  'error_description',
  'error_message',
  'errormessage',
  'msg',
  'fault',
  'faultstring',
  'title',
  'reason',
  'description',
];

/** Objects nest their text a few levels deep at most. */
const deepest = 4;

function textIn(value: JsonValue | undefined, depth: number): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  if (depth === 0) return undefined;
  if (Array.isArray(value)) {
    const texts = value
      .map((part: JsonValue) => textIn(part, depth - 1))
      .filter((text) => text !== undefined);
    return texts.length > 0 ? texts.join('; ') : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  // .NET capitalizes names.
  const fields = new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]));
  for (const place of places) {
    const text = textIn(fields.get(place), depth - 1);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Returns the text of a JSON error that does not have OpenAI's shape. Undefined if it has none. */
export function foreignMessage(body: JsonValue | undefined): string | undefined {
  // Google's servers send a list with one error.
  return textIn(Array.isArray(body) ? body.filter(isJsonObject) : body, deepest);
}
