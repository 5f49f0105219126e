/** A JSON value. Everything that is stored or sent is of this type. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** True for a JSON object: not for null, not for an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns the value if it is a JSON object, otherwise an empty object. Data of servers may contain any value in any
 * place (I10).
 */
export function fieldsOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
