import { Refusal } from '../refusal.ts';

/** Creates the error for a tool or a tool choice that is not accepted. `message` follows the name of the field. */
export function toolNotAllowed(param: string, message: string): Refusal {
  return new Refusal(400, 'tool_not_allowed', `'${param}' ${message}`, { param });
}
