import { isJsonObject, wordOf, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { nameError } from './name.ts';
import { fieldsError as nestedFieldsError, type NestedFields } from './nested-fields.ts';
import { namespacedTools, fieldsByToolType } from './tool-fields.ts';
import { labelsError, toolValuesError } from './tool-values.ts';
import { missing, unknownParameter, unsupportedValue, wrongType } from './type-errors.ts';

function fieldsError(tool: JsonObject, type: string, param: string): ApiError | undefined {
  const { required, optional } = fieldsByToolType[type] ?? { required: [], optional: [] };
  const absent = required.find((name) => tool[name] === undefined);
  if (absent !== undefined) return missing(`${param}.${absent}`);
  const allowed = ['type', ...required, ...optional];
  const unknown = Object.keys(tool).find((name) => !allowed.includes(name));
  return unknown === undefined ? undefined : unknownParameter(`${param}.${unknown}`);
}

function toolError(
  tool: JsonValue,
  param: string,
  types: readonly string[] = Object.keys(fieldsByToolType),
): ApiError | undefined {
  if (!isJsonObject(tool)) return wrongType(param, 'an object', tool);
  const { type, name } = tool;
  if (typeof type !== 'string') return missing(`${param}.type`);
  if (!types.includes(type)) return unsupportedValue(`${param}.type`, type, types);
  const malformed = fieldsError(tool, type, param) ?? toolValuesError(tool, type, param);
  if (malformed !== undefined) return malformed;
  if (type === 'namespace') {
    return nameError(name, `${param}.name`) ?? listError(tool['tools'], `${param}.tools`, namespacedTools);
  }
  return namespacedTools.includes(type) ? nameError(name, `${param}.name`) : undefined;
}

function listError(
  value: JsonValue | undefined,
  param: string,
  types?: readonly string[],
): ApiError | undefined {
  const tools: readonly JsonValue[] = Array.isArray(value) ? value : [];
  for (const [index, tool] of tools.entries()) {
    const error = toolError(tool, `${param}[${index}]`, types);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** The tools that a choice names: one tool, or those of `allowed_tools`. */
function chosen(choice: JsonObject): readonly JsonObject[] {
  const { type, tools } = choice;
  if (type === 'allowed_tools') return Array.isArray(tools) ? tools.filter(isJsonObject) : [];
  return [choice];
}

/**
 * The common name of a hosted tool's types. A choice may use another name: `computer_use` is not a tool type
 * (`openai`'s types).
 */
function familyOf(type: JsonValue | undefined): JsonValue | undefined {
  if (typeof type !== 'string') return type;
  if (/^computer(_use(_preview)?)?$/.test(type)) return 'computer';
  return type.replace(/_\d{4}_\d{2}_\d{2}$/, '');
}

/** The fields of each choice, including `type`. The emulator does not check the fields of other choices. */
const choiceFields: { readonly [type: string]: NestedFields } = {
  function: { required: ['name'], kinds: { type: 'string', name: 'string' } },
  custom: { required: ['name'], kinds: { type: 'string', name: 'string' } },
  mcp: { required: ['server_label'], kinds: { type: 'string', server_label: 'string', name: 'string' } },
  allowed_tools: { required: ['mode', 'tools'], kinds: { type: 'string', mode: 'string', tools: 'array' } },
};

const modes: readonly string[] = ['auto', 'required'];

function choiceFieldsError(choice: JsonObject): ApiError | undefined {
  const { type, mode } = choice;
  const fields =
    typeof type === 'string' && Object.hasOwn(choiceFields, type) ? choiceFields[type] : undefined;
  const malformed = fields && nestedFieldsError(choice, fields, 'tool_choice');
  if (malformed !== undefined || type !== 'allowed_tools') return malformed;
  return modes.includes(wordOf(mode)) ? undefined : unsupportedValue('tool_choice.mode', wordOf(mode), modes);
}

function choiceError(choice: JsonValue | undefined, tools: readonly JsonValue[]): ApiError | undefined {
  if (choice === 'required' && tools.length === 0) {
    return invalidRequest("Tool choice 'required' must be specified with 'tools' parameter.", 'tool_choice');
  }
  if (!isJsonObject(choice)) return undefined;
  const malformed = choiceFieldsError(choice);
  if (malformed !== undefined) return malformed;
  const has = (type: JsonValue | undefined, name: JsonValue | undefined): boolean =>
    tools.some(
      (tool) =>
        isJsonObject(tool) &&
        familyOf(tool['type']) === familyOf(type) &&
        (name === undefined || tool['name'] === name),
    );
  const lost = chosen(choice).find(({ type, name }) => !has(type, type === 'mcp' ? undefined : name));
  return lost === undefined
    ? undefined
    : invalidRequest(`Tool choice '${wordOf(lost['type'])}' not found in 'tools' parameter.`, 'tool_choice');
}

/** The first error in the types, fields or names of tools, or in the tool choice. */
export function toolsError(body: JsonObject): ApiError | undefined {
  const tools: readonly JsonValue[] = Array.isArray(body['tools']) ? body['tools'] : [];
  return listError(tools, 'tools') ?? labelsError(tools) ?? choiceError(body['tool_choice'], tools);
}
