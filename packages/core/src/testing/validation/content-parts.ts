import { inputPartFields, type PartFields } from '../../wire/part-fields.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { missing, unknownParameter, unsupportedValue, wrongType } from './type-errors.ts';

/** All types of parts in messages and outputs. */
export const partFields: { readonly [type: string]: PartFields } = {
  ...inputPartFields,
  output_text: { texts: ['text'], sources: [], optional: ['annotations', 'logprobs'] },
  refusal: { texts: ['refusal'], sources: [], optional: [] },
};

/**
 * The types that the API lists for an unknown part type (from DSPy and WordPress reports; the place is from PraisonAI
 * 3934).
 */
const everyPart: readonly string[] = [
  ...['input_text', 'input_image', 'output_text', 'refusal', 'input_file'],
  ...['computer_screenshot', 'summary_text'],
];

/** Types of parts in user messages, instructions and tool outputs. */
export const inputParts: readonly string[] = ['input_text', 'input_image', 'input_file'];

/** Types of parts in the model's messages. */
export const outputParts: readonly string[] = ['output_text', 'refusal'];

function fieldsError(part: JsonObject, type: string, param: string): ApiError | undefined {
  const { texts, sources, optional } = partFields[type] ?? { texts: [], sources: [], optional: [] };
  for (const name of texts) {
    const text = part[name] ?? undefined;
    if (text === undefined) return missing(`${param}.${name}`);
    if (typeof text !== 'string') return wrongType(`${param}.${name}`, 'a string', text);
  }
  const allowed = ['type', ...texts, ...sources, ...optional];
  const unknown = Object.keys(part).find((name) => !allowed.includes(name));
  if (unknown !== undefined) return unknownParameter(`${param}.${unknown}`);
  const given = sources.find((name) => (part[name] ?? undefined) !== undefined);
  if (sources.length > 0 && given === undefined) return noSource(param, sources);
  const source = given === undefined ? '' : part[given];
  return typeof source === 'string' ? undefined : wrongType(`${param}.${given}`, 'a string', source);
}

/** The error if none of several alternative fields is set. Recorded for images in messages and for MCP servers. */
export function noSource(param: string, names: readonly string[]): ApiError {
  const quoted = names.map((name) => `'${name}'`);
  const before = quoted.slice(0, -1).join(', ');
  const list = `${before}${quoted.length > 2 ? ',' : ''} or ${quoted.at(-1)}`;
  return invalidRequest(
    `Missing mutually exclusive parameters: '${param}'. Ensure you are providing exactly one of: ${list}.`,
    param,
    'missing_mutually_exclusive_parameters',
  );
}

function partError(part: JsonValue, param: string, supported: readonly string[]): ApiError | undefined {
  if (!isJsonObject(part)) return wrongType(param, 'an object', part);
  const { type } = part;
  if (type === undefined) return missing(`${param}.type`);
  if (typeof type !== 'string') return wrongType(`${param}.type`, 'a string', type);
  // For an unknown type the API reports the place of the type; for a known type that is not allowed here, the place of
  // the part (rust-genai 119).
  if (!everyPart.includes(type)) return unsupportedValue(`${param}.type`, type, everyPart);
  if (!supported.includes(type)) return unsupportedValue(param, type, supported);
  return fieldsError(part, type, param);
}

/**
 * The first error in the content of a message or a tool output. Valid are a string, and parts of the supported types.
 */
export function contentError(
  content: JsonValue | undefined,
  param: string,
  supported: readonly string[],
): ApiError | undefined {
  if (typeof content === 'string') return undefined;
  if (!Array.isArray(content)) return wrongType(param, 'one of an array of objects or string', content);
  const parts: readonly JsonValue[] = content;
  for (const [index, part] of parts.entries()) {
    const error = partError(part, `${param}[${index}]`, supported);
    if (error !== undefined) return error;
  }
  return undefined;
}
