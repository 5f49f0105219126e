import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/** Returns a copy of an object with the result of `change` for each field. */
export function mapFields<Fields extends object>(
  fields: Fields,
  change: (value: JsonValue, field: string) => JsonValue,
): Fields {
  const entries: readonly [string, JsonValue | undefined][] = Object.entries(fields);
  const changed = entries.flatMap(([field, value]) => {
    const next = value === undefined ? value : change(value, field);
    return next === value ? [] : [[field, next]];
  });
  return { ...fields, ...Object.fromEntries(changed) };
}

/**
 * Returns a copy of a list or an object, with the result of `change` for each entry or field. `place` is the path of
 * the value.
 */
export function mapParts(
  value: readonly JsonValue[] | JsonObject,
  place: string,
  change: (value: JsonValue, place: string) => JsonValue,
): JsonValue {
  return isJsonObject(value)
    ? mapFields(value, (part, field) => change(part, `${place}.${field}`))
    : value.map((part, index) => change(part, `${place}[${index}]`));
}
