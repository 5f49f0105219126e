import type { JsonValue } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';

function article(name: string): string {
  return /^[aeio]/.test(name) ? `an ${name}` : `a ${name}`;
}

/** The name of a value's type in the API's error messages. */
function kindOf(value: JsonValue | undefined): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'decimal';
  return typeof value;
}

export function wrongType(param: string, expected: string, value: JsonValue | undefined): ApiError {
  const kind = kindOf(value);
  const got = kind === 'null' ? 'null' : article(kind);
  return invalidRequest(
    `Invalid type for '${param}': expected ${expected}, but got ${got} instead.`,
    param,
    'invalid_type',
  );
}

export function missing(param: string): ApiError {
  return invalidRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
}

export function unknownParameter(param: string): ApiError {
  return invalidRequest(`Unknown parameter: '${param}'.`, param, 'unknown_parameter');
}

export function tooLong(param: string, maximum: number, length: number): ApiError {
  return invalidRequest(
    `Invalid '${param}': string too long. Expected a string with maximum length ${maximum}, but got a string with length ${length} instead.`,
    param,
    'string_above_max_length',
  );
}

export function emptyString(param: string): ApiError {
  return invalidRequest(
    `Invalid '${param}': empty string. Expected a string with minimum length 1, but got an empty string instead.`,
    param,
    'empty_string',
  );
}

export function unsupportedValue(param: string, value: string, supported: Iterable<string>): ApiError {
  const names = [...supported].map((name) => `'${name}'`);
  const list =
    names.length < 3 ? names.join(' and ') : `${names.slice(0, -1).join(', ')}, and ${names.at(-1)}`;
  return invalidRequest(`Invalid value: '${value}'. Supported values are: ${list}.`, param, 'invalid_value');
}
