import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import type { ApiError } from '../http/api-error.ts';
import { missing, tooLong, unsupportedValue, wrongType } from './type-errors.ts';

const longestIdentifier = 64;

/** What `include` may name. */
export const includes: readonly string[] = [
  'file_search_call.results',
  'web_search_call.results',
  'web_search_call.action.sources',
  'message.input_image.image_url',
  'computer_call_output.output.image_url',
  'code_interpreter_call.outputs',
  'reasoning.encrypted_content',
  'message.output_text.logprobs',
];

/** Parameters that take a few words only, by their place in the body. */
export const choices: readonly (readonly [place: readonly string[], supported: readonly string[]])[] = [
  [['tool_choice'], ['none', 'auto', 'required']],
  [['truncation'], ['auto', 'disabled']],
  [['service_tier'], ['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast']],
  [['prompt_cache_retention'], ['in_memory', '24h']],
  [
    ['reasoning', 'context'],
    ['auto', 'current_turn', 'all_turns'],
  ],
  [
    ['reasoning', 'effort'],
    ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
  ],
  [
    ['reasoning', 'summary'],
    ['auto', 'concise', 'detailed'],
  ],
  [
    ['text', 'verbosity'],
    ['low', 'medium', 'high'],
  ],
  [
    ['text', 'format', 'type'],
    ['text', 'json_object', 'json_schema'],
  ],
];

function at(body: JsonObject, place: readonly string[]): JsonValue | undefined {
  return place.reduce<JsonValue | undefined>(
    (value, name) => (isJsonObject(value) ? value[name] : undefined),
    body,
  );
}

function includeError(include: JsonValue | undefined): ApiError | undefined {
  const values: readonly JsonValue[] = Array.isArray(include) ? include : [];
  for (const [index, value] of values.entries()) {
    if (typeof value !== 'string') return wrongType(`include[${index}]`, 'a string', value);
    if (!includes.includes(value)) return unsupportedValue(`include[${index}]`, value, includes);
  }
  return undefined;
}

function formatError(format: JsonValue | undefined): ApiError | undefined {
  if (!isJsonObject(format) || format['type'] !== 'json_schema') return undefined;
  const absent = ['name', 'schema'].find((name) => (format[name] ?? undefined) === undefined);
  return absent === undefined ? undefined : missing(`text.format.${absent}`);
}

/** Values of parameters that are of the right type, and yet none that the API knows. */
export function valueError(body: JsonObject): ApiError | undefined {
  for (const [place, supported] of choices) {
    const value = at(body, place);
    if (typeof value === 'string' && !supported.includes(value))
      return unsupportedValue(place.join('.'), value, supported);
  }
  const { safety_identifier: identifier } = body;
  if (typeof identifier === 'string' && identifier.length > longestIdentifier)
    return tooLong('safety_identifier', longestIdentifier, identifier.length);
  return includeError(body['include']) ?? formatError(at(body, ['text', 'format']));
}
