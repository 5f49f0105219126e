import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';

/**
 * The `tool_choice` of an iteration. A choice that forces a call holds for the first iteration only: sent again, the
 * model would call for ever.
 */
export function toolChoiceOf(
  choice: JsonValue | undefined,
  iteration: number,
): JsonObject | string | undefined {
  if (typeof choice !== 'string' && !isJsonObject(choice)) return undefined;
  if (iteration === 0 || choice === 'none' || choice === 'auto') return choice;
  return isJsonObject(choice) && choice['type'] === 'allowed_tools' ? { ...choice, mode: 'auto' } : 'auto';
}
