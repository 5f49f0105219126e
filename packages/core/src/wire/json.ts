/** What JSON can hold. Everything that is stored or sent is of this type. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** True for a JSON object: not for null, not for an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of a JSON object; none for anything else: whoever reads what others wrote meets anything anywhere (I10). */
export function fieldsOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
