import type { JsonValue } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { tooLong, wrongType } from './type-errors.ts';

const longestName = 64;

/** The error for the name of a tool or of an output format. */
export function nameError(name: JsonValue | undefined, param: string): ApiError | undefined {
  if (typeof name !== 'string') return wrongType(param, 'a string', name);
  if (name.length > longestName) return tooLong(param, longestName, name.length);
  if (/^[a-zA-Z0-9_-]+$/.test(name)) return undefined;
  return invalidRequest(
    `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
    param,
    'invalid_value',
  );
}
