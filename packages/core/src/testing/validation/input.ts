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

/** What a loop sends itself: read strictly, also where a script made it. */
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

/** Ids of other kinds of things do not fit: `call_…` where the item's own `fc_…` belongs is a usual slip. */
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
    // A program that returns nothing, an approval request without arguments: a null is a value there.
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
  // A script may produce items that the API's types do not allow: they come back as they were made.
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

/** The shape of each item of a list. */
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

/** The shape of `input`, item by item. A server takes back what it produced itself, whatever that is (`isOwn`). */
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
