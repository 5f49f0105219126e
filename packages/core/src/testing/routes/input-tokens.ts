import type { JsonObject } from '../../wire/json.ts';
import type { Emulation } from '../emulation.ts';
import { failure, json, type Answer } from '../http/answer.ts';
import { inputError } from '../validation/input.ts';
import { previousResponse } from '../validation/previous-response.ts';
import { tokensIn } from '../world/usage-of.ts';

/** `POST /responses/input_tokens`: counted as `usage` counts. */
export function countInputTokens(emulation: Emulation, body: JsonObject): Answer {
  const malformed = inputError(body);
  if (malformed !== undefined) return failure(malformed);
  const chained = previousResponse(emulation, body);
  if ('message' in chained) return failure(chained);
  const before = chained.previous?.usage['total_tokens'];
  const input = tokensIn(JSON.stringify(body)) + (typeof before === 'number' ? before : 0);
  return json({ object: 'response.input_tokens', input_tokens: input });
}
