import { isJsonObject, type JsonValue } from '../wire/json.ts';

/** What a field of a create has to be, in words for the error and as a test. */
export interface FieldRule {
  readonly expected: string;
  readonly fits: (value: JsonValue) => boolean;
}

type Test = (value: JsonValue | undefined) => boolean;

const isString: Test = (value) => typeof value === 'string';
const isBoolean: Test = (value) => typeof value === 'boolean';
const isWhole: Test = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

function isBetween(low: number, high: number): Test {
  return (value) => typeof value === 'number' && value >= low && value <= high;
}

function isOneOf(...choices: readonly string[]): Test {
  return (value) => typeof value === 'string' && choices.includes(value);
}

/** An object whose keys are all named here, each of them null or as its test says. */
function isObjectOf(keys: Readonly<Record<string, Test>>): Test {
  const tests = new Map(Object.entries(keys));
  return (value) =>
    isJsonObject(value) &&
    Object.entries(value).every(
      ([key, inner]) => tests.has(key) && (inner === null || tests.get(key)?.(inner) === true),
    );
}

const isMetadata: Test = (value) => {
  if (!isJsonObject(value)) return false;
  const pairs = Object.entries(value);
  return (
    pairs.length <= 16 &&
    pairs.every(([key, text]) => key.length <= 64 && typeof text === 'string' && text.length <= 512)
  );
};

const format = isObjectOf({
  type: isString,
  name: isString,
  description: isString,
  schema: isJsonObject,
  strict: isBoolean,
});

function rule(expected: string, fits: Test): FieldRule {
  return { expected, fits };
}

/**
 * Every field that a client may send without more ado, and its type: a field that is not here, and not in
 * `allow.fields`, is refused, so that what the API learns tomorrow is not open by itself.
 * `model`, `previous_response_id`, `include`, `tools`, `tool_choice` have their own rules on top.
 */
export const createFields: ReadonlyMap<string, FieldRule> = new Map([
  ['model', rule('a string', isString)],
  ['input', rule('a string or an array of items', (value) => isString(value) || Array.isArray(value))],
  ['instructions', rule('a string', isString)],
  ['previous_response_id', rule('a response id', isString)],
  ['background', rule('a boolean', isBoolean)],
  ['store', rule('a boolean', isBoolean)],
  ['stream', rule('a boolean', isBoolean)],
  ['stream_options', rule('{ include_obfuscation }', isObjectOf({ include_obfuscation: isBoolean }))],
  ['include', rule('an array of strings', (value) => Array.isArray(value) && value.every(isString))],
  ['tools', rule('an array of tools', Array.isArray)],
  ['tool_choice', rule('a string or an object', (value) => isString(value) || isJsonObject(value))],
  ['parallel_tool_calls', rule('a boolean', isBoolean)],
  ['max_tool_calls', rule('a whole number', isWhole)],
  ['max_output_tokens', rule('a whole number', isWhole)],
  [
    'reasoning',
    rule(
      '{ effort, summary, context, mode }, all of them strings',
      isObjectOf({
        effort: isString,
        summary: isString,
        generate_summary: isString,
        context: isString,
        mode: isString,
      }),
    ),
  ],
  ['text', rule('{ format, verbosity }', isObjectOf({ format, verbosity: isString }))],
  ['truncation', rule('`auto` or `disabled`', isOneOf('auto', 'disabled'))],
  ['metadata', rule('at most 16 pairs of strings (64 and 512 characters)', isMetadata)],
  ['temperature', rule('a number from 0 to 2', isBetween(0, 2))],
  ['top_p', rule('a number from 0 to 1', isBetween(0, 1))],
  ['top_logprobs', rule('a number from 0 to 20', isBetween(0, 20))],
  ['prompt_cache_key', rule('a string', isString)],
]);

/** Fields that refer to something under the server's key: they pass where `authorizeReference` says so. */
export const referringFields: ReadonlySet<string> = new Set(['conversation', 'prompt']);
