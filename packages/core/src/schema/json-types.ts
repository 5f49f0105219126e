import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';

/** The value if it is an array, otherwise an empty list. A schema may contain any value anywhere. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The names in a list such as `required`. */
export function namesOf(value: JsonValue | undefined): readonly string[] {
  return listOf(value).filter((name) => typeof name === 'string');
}

/** The only values that a schema allows, as JSON. Empty if it does not list them. */
export function constantsOf(schema: JsonObject): readonly string[] {
  const constants = schema.const === undefined ? listOf(schema.enum) : [schema.const];
  return constants.map((constant) => JSON.stringify(constant));
}

/** The type of a value, as JSON Schema names it. */
export function typeOf(value: JsonValue): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

/**
 * The types that a schema states, or implies by other keywords. Empty if they are unknown. `integer` becomes `number`.
 */
export function typesOf(schema: JsonObject): readonly string[] {
  const { type, properties, items } = schema;
  if (type) return namesOf([type].flat()).map((name) => (name === 'integer' ? 'number' : name));
  const constants = constantsOf(schema);
  if (constants.length > 0) return [...new Set(constants.map((constant) => typeOf(JSON.parse(constant))))];
  return isJsonObject(properties) ? ['object'] : isJsonObject(items) ? ['array'] : [];
}
