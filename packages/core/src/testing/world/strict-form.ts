import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { strictViolation } from '../validation/strict-violation.ts';

function isObjectSchema({ type, properties }: JsonObject): boolean {
  return type === 'object' || (Array.isArray(type) && type.includes('object')) || isJsonObject(properties);
}

function normalizedMap(parts: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, normalized(part)]));
}

function normalizedObject(schema: JsonObject): JsonObject {
  if (!isObjectSchema(schema)) return {};
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  return {
    properties: normalizedMap(properties),
    required: Object.keys(properties),
    // An object that is declared as open (a map) stays open, so it has no strict form.
    additionalProperties: schema['additionalProperties'] ?? false,
  };
}

/** Closes every object and requires all of its properties. */
function strictForm(schema: JsonObject): JsonObject {
  const { items, anyOf, $defs, definitions } = schema;
  return {
    ...schema,
    ...normalizedObject(schema),
    ...(items === undefined ? {} : { items: normalized(items) }),
    ...(Array.isArray(anyOf) ? { anyOf: anyOf.map(normalized) } : {}),
    ...(isJsonObject($defs) ? { $defs: normalizedMap($defs) } : {}),
    ...(isJsonObject(definitions) ? { definitions: normalizedMap(definitions) } : {}),
  };
}

function normalized(schema: JsonValue | undefined): JsonValue {
  return isJsonObject(schema) ? strictForm(schema) : (schema ?? null);
}

/**
 * Whether a schema has a strict form. If so, and the function omits `strict`, the API sets `strict: true`. Its answer has
 * the schema unchanged: recordings show open schemas with `strict: true`.
 */
export function isStrictByDefault(parameters: JsonValue | undefined): boolean {
  return !isJsonObject(parameters) || strictViolation(strictForm(parameters)) === undefined;
}
