import type { JsonValue } from '../wire/json.ts';

/** Deeper values overflow the stack of what walks them: validators, `JSON.stringify`. */
const maxDepth = 256;

/** Reads JSON that a model wrote. @throws Error with a message for the model. */
export function parseJson(text: string): JsonValue {
  const value: JsonValue = JSON.parse(text);
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) throw new Error(`it is nested deeper than ${maxDepth} levels`);
    level = level.flatMap(partsOf);
  }
  return value;
}

function partsOf(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  // Harmless here, but the first deep merge in a tool would write it into the prototype of all objects.
  if (Object.hasOwn(value, '__proto__')) throw new Error('a property may not be called "__proto__"');
  return Object.values(value);
}
