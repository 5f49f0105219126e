import type { JsonObject, JsonValue } from '../../wire/json.ts';
import type { ApiError } from '../http/api-error.ts';
import { contentError, inputParts, outputParts } from './content-parts.ts';
import { unsupportedValue, wrongType } from './type-errors.ts';

const roles: readonly string[] = ['assistant', 'system', 'developer', 'user'];
const phases: readonly string[] = ['commentary', 'final_answer'];
const statuses: readonly string[] = ['in_progress', 'completed', 'incomplete'];

/** The error for a value at `param` that is neither supported nor null. */
function wordError(
  value: JsonValue | undefined,
  param: string,
  supported: readonly string[],
): ApiError | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') return wrongType(param, 'a string', value);
  return supported.includes(value) ? undefined : unsupportedValue(param, value, supported);
}

/** The error for the status of an item. */
export function statusError(item: JsonObject, param: string): ApiError | undefined {
  return wordError(item['status'], `${param}.status`, statuses);
}

/**
 * The first error in the role, phase or content of a message. An unsupported role is reported at the item, not at its
 * field.
 */
export function messageError(item: JsonObject, param: string): ApiError | undefined {
  const { role, content, phase } = item;
  if (typeof role !== 'string') return wrongType(`${param}.role`, 'a string', role);
  return (
    wordError(role, param, roles) ??
    wordError(phase, `${param}.phase`, phases) ??
    contentError(content, `${param}.content`, role === 'assistant' ? outputParts : inputParts)
  );
}
