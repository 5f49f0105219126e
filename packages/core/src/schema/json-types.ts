import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';

/** The value where it is an array, else nothing: a schema may hold anything anywhere. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The names in a list such as `required`. */
export function namesOf(value: JsonValue | undefined): readonly string[] {
  return listOf(value).filter((name) => typeof name === 'string');
}

/** The only values that a schema allows, as JSON; empty where it does not list them. */
export function constantsOf(schema: JsonObject): readonly string[] {
  const constants = schema.const === undefined ? listOf(schema.enum) : [schema.const];
  return constants.map((constant) => JSON.stringify(constant));
}

/** The type of a value in the words of JSON Schema. */
export function typeOf(value: JsonValue): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

/** The types that a schema allows, said or implied by its other keywords; every integer is a number. Empty: unknown. */
export function typesOf(schema: JsonObject): readonly string[] {
  const { type, properties, items } = schema;
  if (type) return namesOf([type].flat()).map((name) => (name === 'integer' ? 'number' : name));
  const constants = constantsOf(schema);
  if (constants.length > 0) return [...new Set(constants.map((constant) => typeOf(JSON.parse(constant))))];
  return isJsonObject(properties) ? ['object'] : isJsonObject(items) ? ['array'] : [];
}
