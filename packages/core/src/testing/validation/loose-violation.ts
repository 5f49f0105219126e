import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { at, type SchemaViolation } from './violation.ts';

const lists: readonly string[] = ['anyOf', 'oneOf', 'allOf'];
const maps: readonly string[] = ['properties', '$defs', 'definitions'];

function partViolation(part: JsonValue | undefined, path: readonly string[]): SchemaViolation | undefined {
  if (!isJsonObject(part)) return undefined;
  if (part['type'] === 'array' && part['items'] === undefined) return at(path, 'array schema missing items.');
  const parts: (readonly [readonly string[], JsonValue | undefined])[] = [[['items'], part['items']]];
  for (const keyword of [...lists, ...maps]) {
    const value = part[keyword];
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, inner] of Object.entries(value)) parts.push([[keyword, name], inner]);
  }
  for (const [steps, inner] of parts) {
    const violation = partViolation(inner, [...path, ...steps]);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

/**
 * The first rule that the schema of a non-strict function breaks. The API has two known rules: the root object needs
 * properties, and every array needs items.
 */
export function looseViolation(schema: JsonObject): SchemaViolation | undefined {
  const isBare = schema['type'] === 'object' && schema['properties'] === undefined;
  return isBare ? at([], 'object schema missing properties.') : partViolation(schema, []);
}
