import type { JsonObject, JsonValue } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { kindError, type Kind } from './kinds.ts';
import { nestedError } from './nested-fields.ts';
import { unknownParameter } from './type-errors.ts';

/** All parameters of a create in the API reference; `multi_agent` is from its beta. */
export const parameterKinds: { readonly [name: string]: Kind } = {
  access_programs: 'object',
  background: 'boolean',
  background_options: 'object',
  context_management: 'any',
  conversation: 'object or string',
  image: 'object',
  include: 'array',
  input: 'any',
  instructions: 'string',
  max_output_tokens: 'integer',
  max_tool_calls: 'integer',
  metadata: 'object',
  model: 'string',
  moderation: 'object',
  multi_agent: 'object',
  parallel_tool_calls: 'boolean',
  previous_response_id: 'string',
  prompt: 'object',
  prompt_cache_key: 'string',
  prompt_cache_options: 'object',
  prompt_cache_retention: 'string',
  reasoning: 'object',
  safety_identifier: 'string',
  service_tier: 'string',
  store: 'boolean',
  stream: 'boolean',
  stream_options: 'object',
  temperature: 'number',
  text: 'object',
  tool_choice: 'object or string',
  tools: 'array',
  top_logprobs: 'integer',
  top_p: 'number',
  truncation: 'string',
  user: 'string',
};

interface Range {
  readonly name: string;
  readonly noun: 'decimal' | 'integer';
  readonly minimum: number;
  readonly maximum?: number;
}

const ranges: readonly Range[] = [
  { name: 'temperature', noun: 'decimal', minimum: 0, maximum: 2 },
  { name: 'top_p', noun: 'decimal', minimum: 0, maximum: 1 },
  { name: 'max_output_tokens', noun: 'integer', minimum: 16 },
  { name: 'top_logprobs', noun: 'integer', minimum: 0, maximum: 20 },
];

function rangeError(range: Range, value: JsonValue | undefined): ApiError | undefined {
  if (typeof value !== 'number') return undefined;
  const { name, noun, minimum, maximum } = range;
  const below = value < minimum;
  if (!below && (maximum === undefined || value <= maximum)) return undefined;
  const side = below ? 'below minimum' : 'above maximum';
  const bound = below ? `>= ${minimum}` : `<= ${maximum}`;
  return invalidRequest(
    `Invalid '${name}': ${noun} ${side} value. Expected a value ${bound}, but got ${value} instead.`,
    name,
    `${noun}_${below ? 'below_min' : 'above_max'}_value`,
  );
}

/** The first error in the names, types or ranges of a create's parameters. Null counts as omitted. */
export function parameterError(body: JsonObject): ApiError | undefined {
  for (const [name, value] of Object.entries(body)) {
    const kind = Object.hasOwn(parameterKinds, name) ? parameterKinds[name] : undefined;
    if (kind === undefined) return unknownParameter(name);
    const error = kindError(value, kind, name);
    if (error !== undefined) return error;
  }
  for (const range of ranges) {
    const error = rangeError(range, body[range.name]);
    if (error !== undefined) return error;
  }
  return nestedError(body);
}
