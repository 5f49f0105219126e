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

/**
 * Returns a text that is not empty; otherwise undefined, because some servers and gateways send empty texts for missing
 * ones.
 */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Returns a value that should be a word as text, and an empty text for an object. `String` throws for `{ "toString": 1
 * }`, which a server, a page or a saved run may contain.
 */
export function wordOf(value: unknown): string {
  return typeof value === 'object' || typeof value === 'function' ? '' : String(value);
}

/** Copies a JSON value completely, so that a caller's value is never kept, frozen or mutated (I1). */
export function jsonCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
