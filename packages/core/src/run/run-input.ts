import { mustBe, mustBeJson } from '../errors/must-be.ts';
import type { InputItem } from '../wire/items.ts';
import { isJsonObject } from '../wire/json.ts';

/** The input of a run: text, or input items of the Responses API, including those typed by the `openai` package. */
export type RunInput = string | readonly (InputItem | object)[];

/** @throws ConfigurationError unless the input is a string, or an array of input items */
export function checkInput(caller: string, input: RunInput): asserts input is string | readonly InputItem[] {
  const isInput = typeof input === 'string' || (Array.isArray(input) && input.every(isJsonObject));
  mustBe(isInput, caller, 'input', 'a string, or an array of input items');
}

/**
 * The input as it is saved: a copy, because later changes of the caller's objects must not change the run (I1).
 *
 * @throws ConfigurationError for items that JSON cannot represent
 */
export function copyOfInput(caller: string, input: RunInput): string | readonly InputItem[] {
  return typeof input === 'string' ? input : mustBeJson<InputItem[]>(input, caller, 'input');
}
