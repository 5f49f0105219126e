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
    // A map that says so stays open: it has no strict form.
    additionalProperties: schema['additionalProperties'] ?? false,
  };
}

/** Every object closed, and every property of it required. */
function normalized(schema: JsonValue | undefined): JsonValue {
  if (!isJsonObject(schema)) return schema ?? null;
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

export interface FunctionSchema {
  readonly parameters: JsonValue;
  readonly strict: boolean;
}

/**
 * What the API makes of a function whose `strict` was left out: strict, with its schema in the strict form, or not
 * strict where the schema has none.
 */
export function strictForm(parameters: JsonValue | undefined): FunctionSchema {
  if (!isJsonObject(parameters)) return { parameters: parameters ?? null, strict: true };
  const strict = normalized(parameters);
  return isJsonObject(strict) && strictViolation(strict) === undefined
    ? { parameters: strict, strict: true }
    : { parameters, strict: false };
}
