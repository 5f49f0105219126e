import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { isReference, typeOf } from '../world/conversation.ts';
import { kindOf } from '../world/ids.ts';
import { contentError, inputParts } from './content-parts.ts';
import { inputItemFields, withEveryItem } from './input-item-fields.ts';
import { messageError, statusError } from './message.ts';
import {
  emptyString,
  missing,
  tooLong,
  unknownParameter,
  unsupportedValue,
  wrongType,
} from './type-errors.ts';

const longestCallId = 64;
const longestOutput = 10_485_760;

/** Item types that a loop sends. They are checked strictly, even if a script made the item. */
const strict: readonly string[] = [
  'message',
  'reasoning',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'mcp_approval_response',
  'item_reference',
];

function callIdError(id: JsonValue | undefined, param: string): ApiError | undefined {
  if (typeof id !== 'string') return wrongType(param, 'a string', id);
  if (id === '') return emptyString(param);
  return id.length > longestCallId ? tooLong(param, longestCallId, id.length) : undefined;
}

function outputError(output: JsonValue | undefined, param: string): ApiError | undefined {
  if (typeof output === 'string' && output.length > longestOutput)
    return tooLong(param, longestOutput, output.length);
  return contentError(output, param, inputParts);
}

/** The error for an id with the wrong prefix. A common mistake is to send `call_…` in place of the item's id `fc_…`. */
function idError(item: JsonObject, type: string, param: string): ApiError | undefined {
  const { id } = item;
  const kind = kindOf(type);
  if (id === undefined || id === null || kind === 'item' || type === 'item_reference') return undefined;
  if (typeof id !== 'string') return wrongType(`${param}.id`, 'a string', id);
  if (id.startsWith(kind)) return undefined;
  return invalidRequest(
    `Invalid '${param}.id': '${id}'. Expected an ID that begins with '${kind}'.`,
    `${param}.id`,
    'invalid_value',
  );
}

function shapeError(item: JsonObject, type: string, param: string): ApiError | undefined {
  const fields = inputItemFields[type];
  for (const name of fields?.required ?? []) {
    // In other items null is a value, such as the result of a program or the arguments of an approval request.
    if (item[name] === undefined || (item[name] === null && strict.includes(type)))
      return missing(`${param}.${name}`);
  }
  const allowed = fields && ['type', ...withEveryItem, ...fields.required, ...fields.optional];
  for (const name of Object.keys(item)) {
    if (allowed !== undefined && !allowed.includes(name)) return unknownParameter(`${param}.${name}`);
  }
  if (type === 'function_call' && typeof item['arguments'] !== 'string') {
    return wrongType(`${param}.arguments`, 'a string', item['arguments']);
  }
  return idError(item, type, param) ?? (strict.includes(type) ? statusError(item, param) : undefined);
}

function itemError(
  item: JsonValue,
  param: string,
  isOwn: (item: JsonObject) => boolean,
): ApiError | undefined {
  if (!isJsonObject(item)) return wrongType(param, 'an object', item);
  const named = item['type'] ?? undefined;
  if (named !== undefined && typeof named !== 'string') return wrongType(`${param}.type`, 'a string', named);
  if (named === undefined && !('role' in item) && !isReference(item)) return missing(`${param}.type`);
  const type = typeOf(item);
  const own = isOwn(item);
  if (!Object.hasOwn(inputItemFields, type) && !own)
    return unsupportedValue(param, type, Object.keys(inputItemFields));
  // A script may produce items that the API's types do not allow, so they are accepted as input.
  const shape = own && !strict.includes(type) ? undefined : shapeError(item, type, param);
  if (shape !== undefined) return shape;
  const isOutput = type === 'function_call_output' || type === 'custom_tool_call_output';
  if (isOutput || type === 'function_call' || type === 'custom_tool_call') {
    const error = callIdError(item['call_id'], `${param}.call_id`);
    if (error !== undefined) return error;
  }
  if (isOutput) return outputError(item['output'], `${param}.output`);
  return type === 'message' ? messageError(item, param) : undefined;
}

/** The first error in the shape of the items. */
export function itemsError(
  items: readonly JsonValue[],
  param: string,
  isOwn: (item: JsonObject) => boolean = () => false,
): ApiError | undefined {
  for (const [index, item] of items.entries()) {
    const error = itemError(item, `${param}[${index}]`, isOwn);
    if (error !== undefined) return error;
  }
  return undefined;
}

/**
 * The first error in the shape of `input`. Items that the server produced itself (`isOwn`) are only checked if their
 * type is in `strict`.
 */
export function inputError(
  body: JsonObject,
  isOwn: (item: JsonObject) => boolean = () => false,
): ApiError | undefined {
  const { input } = body;
  if (input === undefined || input === null) {
    const other = body['previous_response_id'] ?? body['conversation'] ?? body['prompt'];
    if (other !== undefined && other !== null) return undefined;
    return invalidRequest(
      "One of 'input', 'previous_response_id', 'prompt' or 'conversation' must be provided.",
      'input',
      'missing_required_parameter',
    );
  }
  if (typeof input === 'string') return undefined;
  if (!Array.isArray(input)) return wrongType('input', 'one of a string or an array of input items', input);
  return itemsError(input, 'input', isOwn);
}
