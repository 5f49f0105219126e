import { mustBe, mustBeJson } from '../errors/must-be.ts';
import type { InputItem } from '../wire/items.ts';
import { isJsonObject } from '../wire/json.ts';
import { saferPlaces, secretInItems } from '../wire/tool-secrets.ts';

/** The input of a run: text, or input items of the Responses API, including those typed by the `openai` package. */
export type RunInput = string | readonly (InputItem | object)[];

/** The maximum length of the id of a steered input. Each save contains the ids of a run's inputs. */
const longestSteerId = 64;

/** @throws ConfigurationError unless the input is a string, or input items without secrets */
export function checkInput(caller: string, input: RunInput): void {
  const isInput = typeof input === 'string' || (Array.isArray(input) && input.every(isJsonObject));
  mustBe(isInput, caller, 'input', 'a string, or an array of input items');
  const secret = typeof input === 'string' ? undefined : secretInItems(input);
  mustBe(
    secret === undefined,
    caller,
    'input',
    `without secrets of tools, because it is saved (${secret}): ${saferPlaces}`,
  );
}

/**
 * The input as it is saved: a copy, because later changes of the caller's objects must not change the run (I1).
 *
 * @throws ConfigurationError for items that JSON cannot represent
 */
export function copyOfInput(caller: string, input: RunInput): string | readonly InputItem[] {
  return typeof input === 'string' ? input : mustBeJson<InputItem[]>(input, caller, 'input');
}

/**
 * Checks input for an active run.
 *
 * @throws ConfigurationError
 */
export function readSteer(input: RunInput, steerId: string): string | readonly InputItem[] {
  checkInput('steer', input);
  mustBe(input.length > 0, 'steer', 'input', 'not empty');
  const isId = typeof steerId === 'string' && steerId !== '' && steerId.length <= longestSteerId;
  mustBe(isId, 'steer', 'steerId', `a string of 1 to ${longestSteerId} characters`);
  return copyOfInput('steer', input);
}
