import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { Refusal } from '../refusal.ts';
import { exceededBound } from './json-bounds.ts';

function invalid(message: string): Refusal {
  return new Refusal(400, 'invalid_json', message);
}

/** Refuses the key `__proto__`. A copy of an object with this key would have another prototype. */
function refuseProto(value: JsonValue | undefined): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value) && Object.hasOwn(value, '__proto__'))
    throw invalid('The body must not have a key `__proto__`.');
  for (const inner of Object.values(value)) refuseProto(inner);
}

function parse(text: string): JsonValue {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    throw invalid('The body is not valid JSON.');
  }
}

/** Reads a body as a JSON object that is safe and cheap to traverse and to copy by key. */
export function parseJsonBody(text: string): JsonObject {
  const exceeded = exceededBound(text);
  if (exceeded !== undefined) throw invalid(`The body ${exceeded}.`);
  const value = parse(text);
  // Only a text with this key or with an escape can contain it. Other bodies are not traversed.
  if (text.includes('__proto__') || text.includes('\\u')) refuseProto(value);
  if (!isJsonObject(value)) throw invalid('The body has to be a JSON object.');
  return value;
}
