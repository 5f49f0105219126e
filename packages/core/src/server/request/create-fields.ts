import { isJsonObject } from '../../wire/json.ts';
import {
  isArrayOf,
  isBetween,
  isBoolean,
  isObjectOf,
  isOneOf,
  isString,
  isWhole,
  type JsonRule,
} from './json-rules.ts';

/** The type of a field of a create: a description for the error, and a test. */
export interface FieldRule {
  readonly expected: string;
  readonly fits: JsonRule;
}

const isMetadata: JsonRule = (value) => {
  if (!isJsonObject(value)) return false;
  const pairs = Object.entries(value);
  const fits = ([key, text]: [string, unknown]): boolean =>
    key.length <= 64 && typeof text === 'string' && text.length <= 512;
  return pairs.length <= 16 && pairs.every(fits);
};

const isFormat = isObjectOf({
  type: isString,
  name: isString,
  description: isString,
  schema: isJsonObject,
  strict: isBoolean,
});

const isReasoning = isObjectOf({
  effort: isString,
  summary: isString,
  generate_summary: isString,
  context: isString,
  mode: isString,
});

const rules: Readonly<Record<string, readonly [expected: string, fits: JsonRule]>> = {
  model: ['a string', isString],
  input: ['a string or an array of items', (value) => isString(value) || Array.isArray(value)],
  instructions: ['a string', isString],
  previous_response_id: ['a response id', isString],
  background: ['a boolean', isBoolean],
  store: ['a boolean', isBoolean],
  stream: ['a boolean', isBoolean],
  stream_options: ['{ include_obfuscation }', isObjectOf({ include_obfuscation: isBoolean })],
  include: ['an array of strings', isArrayOf(isString)],
  tools: ['an array of tools', isArrayOf(isJsonObject)],
  tool_choice: ['a string or an object', (value) => isString(value) || isJsonObject(value)],
  parallel_tool_calls: ['a boolean', isBoolean],
  max_tool_calls: ['a whole number', isWhole],
  max_output_tokens: ['a whole number', isWhole],
  reasoning: ['{ effort, summary, context, mode }, all of them strings', isReasoning],
  text: ['{ format, verbosity }', isObjectOf({ format: isFormat, verbosity: isString })],
  truncation: ['`auto` or `disabled`', isOneOf('auto', 'disabled')],
  metadata: ['at most 16 pairs of strings (64 and 512 characters)', isMetadata],
  temperature: ['a number from 0 to 2', isBetween(0, 2)],
  top_p: ['a number from 0 to 1', isBetween(0, 1)],
  top_logprobs: ['a number from 0 to 20', isBetween(0, 20)],
  prompt_cache_key: ['a string', isString],
};

/**
 * The fields that clients may always send, and their types. The proxy refuses a field that is neither here nor in
 * `allow.fields`, so that new fields of the API are not accepted automatically. `model`, `previous_response_id`,
 * `include`, `tools` and `tool_choice` have additional rules.
 */
export const createFields: ReadonlyMap<string, FieldRule> = new Map(
  Object.entries(rules).map(([name, [expected, fits]]) => [name, { expected, fits }]),
);

/** Fields that refer to something under the server's key. They are accepted if `authorizeReference` allows them. */
export const referringFields: ReadonlySet<string> = new Set(['conversation', 'prompt']);
