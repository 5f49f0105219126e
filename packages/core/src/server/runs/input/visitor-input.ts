import type { RunInput } from '../../../run/runner.ts';
import type { JsonValue } from '../../../wire/json.ts';
import { isJsonObject } from '../../../wire/json.ts';
import { invalidRequest } from '../refusals.ts';
export function checkVisitorInput(input: JsonValue | undefined): RunInput {
  if (typeof input === 'string') return input;
  if (Array.isArray(input) && input.every((one) => isJsonObject(one) && one['role'] === 'user')) return input;
  throw invalidRequest('`input` must be');
}
export function checkVisitorOutput(_output: JsonValue): void {}
