import { isJsonObject, type JsonValue } from '../../wire/json.ts';

/** A test of a JSON value. */
export type JsonRule = (value: JsonValue | undefined) => boolean;

export const isString: JsonRule = (value) => typeof value === 'string';
export const isBoolean: JsonRule = (value) => typeof value === 'boolean';
export const isWhole: JsonRule = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

export function isBetween(low: number, high: number): JsonRule {
  return (value) => typeof value === 'number' && value >= low && value <= high;
}

export function isOneOf(...choices: readonly string[]): JsonRule {
  return (value) => typeof value === 'string' && choices.includes(value);
}

export function isArrayOf(rule: JsonRule): JsonRule {
  return (value) => Array.isArray(value) && value.every(rule);
}

/** Accepts an object with only these keys, each of them null or valid by its rule. */
export function isObjectOf(keys: Readonly<Record<string, JsonRule>>): JsonRule {
  const rules = new Map(Object.entries(keys));
  return (value) =>
    isJsonObject(value) &&
    Object.entries(value).every(
      ([key, inner]) => rules.has(key) && (inner === null || rules.get(key)?.(inner) === true),
    );
}
