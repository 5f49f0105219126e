import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import type { ApiError } from '../http/api-error.ts';
import { nameError } from './name.ts';
import { tooLong, unsupportedValue, wrongType } from './type-errors.ts';

const longestIdentifier = 64;
const identifiers: readonly string[] = ['prompt_cache_key', 'safety_identifier'];

/** The values that `include` accepts. */
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

/** The supported values of parameters with a fixed set, by their place in the body. */
export const choices: readonly (readonly [place: readonly string[], supported: readonly string[]])[] = [
  [['tool_choice'], ['none', 'auto', 'required']],
  [['truncation'], ['auto', 'disabled']],
  [['service_tier'], ['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast']],
  [['prompt_cache_retention'], ['in_memory', '24h']],
  [
    ['prompt_cache_options', 'mode'],
    ['implicit', 'explicit'],
  ],
  [
    ['prompt_cache_options', 'ttl'],
    ['30m', '12h'],
  ],
  [
    ['image', 'context_compression'],
    ['auto', 'enabled', 'disabled'],
  ],
  [
    ['moderation', 'policy', 'input', 'mode'],
    ['score', 'block'],
  ],
  [
    ['moderation', 'policy', 'output', 'mode'],
    ['score', 'block'],
  ],
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
    ['reasoning', 'generate_summary'],
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

/** The error for the `include` of a create or of a route that reads. */
export function includeError(include: JsonValue | undefined): ApiError | undefined {
  const values: readonly JsonValue[] = Array.isArray(include) ? include : [];
  for (const [index, value] of values.entries()) {
    if (typeof value !== 'string') return wrongType(`include[${index}]`, 'a string', value);
    if (!includes.includes(value)) return unsupportedValue(`include[${index}]`, value, includes);
  }
  return undefined;
}

/** The `include` of a query: any number of `include=a` or `include[]=a`. */
export function includedIn(query: URLSearchParams): string[] {
  return [...query.getAll('include'), ...query.getAll('include[]')];
}

/** The error for a parameter value that has the right type and is not supported. */
export function valueError(body: JsonObject): ApiError | undefined {
  for (const [place, supported] of choices) {
    const value = at(body, place);
    if (typeof value === 'string' && !supported.includes(value))
      return unsupportedValue(place.join('.'), value, supported);
  }
  for (const name of identifiers) {
    const identifier = body[name];
    if (typeof identifier === 'string' && identifier.length > longestIdentifier)
      return tooLong(name, longestIdentifier, identifier.length);
  }
  const format = at(body, ['text', 'format']);
  const named = isJsonObject(format) && format['type'] === 'json_schema';
  return includeError(body['include']) ?? (named ? nameError(format['name'], 'text.format.name') : undefined);
}
