import type { JsonObject } from '../../wire/json.ts';
import type { Emulation } from '../emulation.ts';
import { failure, json, type Answer } from '../http/answer.ts';
import { inputError } from '../validation/input.ts';
import { parameterError } from '../validation/parameters.ts';
import { previousResponse } from '../validation/previous-response.ts';
import { unknownParameter } from '../validation/type-errors.ts';
import { tokensIn } from '../world/usage-of.ts';

/** The fields of `/responses/input_tokens`, as in `openai`'s types. */
const countedFields: readonly string[] = [
  ...['conversation', 'input', 'instructions', 'model', 'parallel_tool_calls', 'personality'],
  ...['previous_response_id', 'reasoning', 'text', 'tool_choice', 'tools', 'truncation'],
];

/** `POST /responses/input_tokens`. Counts tokens as `usage` does. */
export function countInputTokens(emulation: Emulation, body: JsonObject): Answer {
  const unknown = Object.keys(body).find((name) => !countedFields.includes(name));
  const { personality: _, ...known } = body;
  const malformed =
    (unknown === undefined ? undefined : unknownParameter(unknown)) ??
    parameterError(known) ??
    inputError(body);
  if (malformed !== undefined) return failure(malformed);
  const chained = previousResponse(emulation, body);
  if ('message' in chained) return failure(chained);
  const before = chained.previous?.usage['total_tokens'];
  const input = tokensIn(JSON.stringify(body)) + (typeof before === 'number' ? before : 0);
  return json({ object: 'response.input_tokens', input_tokens: input });
}
