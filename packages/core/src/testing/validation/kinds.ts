import { isJsonObject, type JsonValue } from '../../wire/json.ts';
import type { ApiError } from '../http/api-error.ts';
import { wrongType } from './type-errors.ts';

/** The kind of values that a field accepts. `any` is checked elsewhere. */
export type Kind =
  | 'string'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'object'
  | 'array'
  | 'object or string'
  | 'any';

const expected: { readonly [kind in Kind]: string } = {
  string: 'a string',
  boolean: 'a boolean',
  integer: 'an integer',
  number: 'a decimal',
  object: 'an object',
  array: 'an array of objects',
  'object or string': 'one of an object or string',
  any: 'a value',
};

function fits(value: JsonValue, kind: Kind): boolean {
  switch (kind) {
    case 'any':
      return true;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isJsonObject(value);
    case 'object or string':
      return isJsonObject(value) || typeof value === 'string';
    case 'integer':
      return Number.isInteger(value);
    case 'string':
    case 'boolean':
    case 'number':
      return typeof value === kind;
    default:
      return kind satisfies never;
  }
}

/** The error for a value of the wrong kind. Null counts as omitted. */
export function kindError(value: JsonValue | undefined, kind: Kind, param: string): ApiError | undefined {
  if (value === undefined || value === null || fits(value, kind)) return undefined;
  return wrongType(param, expected[kind], value);
}
