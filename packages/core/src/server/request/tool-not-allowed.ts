import { Refusal } from '../refusal.ts';

/** A tool, or a choice of one, that is not taken. `message` follows the name of the field. */
export function toolNotAllowed(param: string, message: string): Refusal {
  return new Refusal(400, 'tool_not_allowed', `'${param}' ${message}`, { param });
}
