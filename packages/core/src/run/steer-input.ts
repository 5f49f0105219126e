import { mustBe } from '../errors/must-be.ts';
import type { InputItem } from '../wire/items.ts';
import { checkInput, copyOfInput, type RunInput } from './run-input.ts';

/** The maximum length of the id of a steered input. Each save contains the ids of a run's inputs. */
const longestSteerId = 64;

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
