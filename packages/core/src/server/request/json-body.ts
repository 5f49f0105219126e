import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { Refusal } from '../refusal.ts';

/** More than any request of the API needs; deeper ones would overflow the stack of whoever walks or writes them. */
const deepest = 64;

function checkShape(value: JsonValue | undefined, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > deepest)
    throw new Refusal(400, 'invalid_json', `The body is nested deeper than ${deepest} levels.`);
  if (!Array.isArray(value) && Object.hasOwn(value, '__proto__')) {
    throw new Refusal(400, 'invalid_json', 'The body must not have a key `__proto__`.');
  }
  for (const inner of Object.values(value)) checkShape(inner, depth + 1);
}

function parse(text: string): JsonValue {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    throw new Refusal(400, 'invalid_json', 'We could not parse the JSON body of your request.');
  }
}

/** Reads a body as a JSON object that is safe to walk and to copy key by key. */
export function parseJsonBody(text: string): JsonObject {
  const value = parse(text);
  checkShape(value, 1);
  if (!isJsonObject(value)) throw new Refusal(400, 'invalid_json', 'The body has to be a JSON object.');
  return value;
}
