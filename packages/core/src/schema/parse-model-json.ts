import { boundedJson } from '../wire/parse-json.ts';
import type { JsonValue } from '../wire/json.ts';

/** Reads JSON that a model wrote. @throws Error with a message for the model. */
export function parseModelJson(text: string): JsonValue {
  const value = boundedJson(text);
  checkNames(value);
  return value;
}

function checkNames(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  // The property is harmless here, but a deep merge in a tool would write it into the prototype of all objects.
  if (Object.hasOwn(value, '__proto__')) throw new Error('a property cannot have the name "__proto__"');
  for (const part of Object.values(value)) checkNames(part);
}
