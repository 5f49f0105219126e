import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { missing, tooLong, wrongType } from './type-errors.ts';

const longestName = 64;

function nameError(name: JsonValue | undefined, param: string): ApiError | undefined {
  if (name === undefined) return missing(param);
  if (typeof name !== 'string') return wrongType(param, 'a string', name);
  if (name.length > longestName) return tooLong(param, longestName, name.length);
  if (/^[a-zA-Z0-9_-]+$/.test(name)) return undefined;
  return invalidRequest(
    `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
    param,
    'invalid_value',
  );
}

function toolError(tool: JsonValue, param: string): ApiError | undefined {
  if (!isJsonObject(tool)) return wrongType(param, 'an object', tool);
  if (typeof tool['type'] !== 'string') return missing(`${param}.type`);
  if (tool['type'] !== 'function' && tool['type'] !== 'custom') return undefined;
  return nameError(tool['name'], `${param}.name`);
}

function choiceError(choice: JsonValue | undefined, tools: readonly JsonValue[]): ApiError | undefined {
  if (choice === 'required' && tools.length === 0) {
    return invalidRequest("Tool choice 'required' must be specified with 'tools' parameter.", 'tool_choice');
  }
  if (!isJsonObject(choice) || (choice['type'] !== 'function' && choice['type'] !== 'custom'))
    return undefined;
  const { type, name } = choice;
  const found = tools.some((tool) => isJsonObject(tool) && tool['type'] === type && tool['name'] === name);
  return found
    ? undefined
    : invalidRequest(`Tool choice '${type}' not found in 'tools' parameter.`, 'tool_choice');
}

/** Names, strict schemas, and a choice among tools that are there. */
export function toolsError(body: JsonObject): ApiError | undefined {
  const tools: readonly JsonValue[] = Array.isArray(body['tools']) ? body['tools'] : [];
  for (const [index, tool] of tools.entries()) {
    const error = toolError(tool, `tools[${index}]`);
    if (error !== undefined) return error;
  }
  return choiceError(body['tool_choice'], tools);
}
