import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';

/**
 * The content fields of each item type (openai 7.59, `ResponseInputItem`). An item has content if all fields of one
 * list are present and at least one is not empty. Arguments may be empty if a name is present.
 */
const contentOf: ReadonlyMap<JsonValue | undefined, readonly (readonly string[])[]> = new Map([
  ['message', [['content']]],
  // A summary is only shown to users. The API looks up the reasoning itself by the item's id.
  ['reasoning', [['encrypted_content'], ['content']]],
  ['compaction', [['encrypted_content']]],
  ['compaction_trigger', []],
  ['configuration_update', [['reasoning'], ['text']]],
  ['function_call', [['name', 'arguments']]],
  ['function_call_output', [['output']]],
  ['custom_tool_call', [['name', 'input']]],
  ['custom_tool_call_output', [['output']]],
  ['mcp_approval_request', [['name', 'arguments']]],
  ['mcp_approval_response', [['approval_request_id', 'approve']]],
  ['mcp_call', [['name', 'arguments']]],
  ['mcp_list_tools', [['tools'], ['error']]],
  ['web_search_call', [['action']]],
  ['file_search_call', [['queries'], ['results']]],
  ['code_interpreter_call', [['code'], ['outputs']]],
  ['image_generation_call', [['result']]],
  ['computer_call', [['action'], ['actions']]],
  ['computer_call_output', [['output']]],
  ['local_shell_call', [['action']]],
  ['local_shell_call_output', [['output']]],
  ['shell_call', [['action']]],
  ['shell_call_output', [['output']]],
  ['apply_patch_call', [['operation']]],
  ['apply_patch_call_output', [['output']]],
  ['tool_search_call', [['arguments']]],
  ['tool_search_output', [['tools']]],
  ['additional_tools', [['tools']]],
  ['program', [['code']]],
  ['program_output', [['result']]],
]);

/** The content fields of a part of a message or of a tool's output. */
const partFields: ReadonlySet<string> = new Set([
  'text',
  'refusal',
  'image_url',
  'file_id',
  'file_url',
  'file_data',
  'input_audio',
  'encrypted_content',
]);

/** Fields that only identify or describe the item. */
const labels: ReadonlySet<string> = new Set([
  'type',
  'id',
  'object',
  'status',
  'role',
  'phase',
  'name',
  'agent',
  'caller',
  'call_id',
  'item_id',
  'server_label',
  'execution',
  'namespace',
  'filename',
  'detail',
  'summary',
  'metadata',
  'created_by',
  'created_at',
]);

const innerLabels: readonly string[] = ['type', 'id', 'object', 'status'];

/** Whether a value has content at any depth, other than empty texts, empty lists and labels. */
function isFilled(value: JsonValue | undefined): boolean {
  if (typeof value === 'string') return value !== '';
  if (Array.isArray(value)) return value.some(isFilled);
  if (isJsonObject(value))
    return Object.entries(value).some(([field, inner]) => !innerLabels.includes(field) && isFilled(inner));
  return typeof value === 'number';
}

/**
 * Whether a message or an output has content in the fields that the API knows. Other fields do not count as content.
 */
export function hasParts(value: JsonValue | undefined): boolean {
  if (Array.isArray(value)) return value.some((part: JsonValue) => isJsonObject(part) && hasParts(part));
  if (isJsonObject(value))
    return Object.entries(value).some(([field, inner]) => partFields.has(field) && isFilled(inner));
  return typeof value === 'string' && value !== '';
}

function hasContentIn(item: JsonObject, field: string): boolean {
  const { type, [field]: value } = item;
  if (field === 'encrypted_content') return typeof value === 'string' && value !== '';
  // Settings count as content when they are present: an effort of null is a setting.
  if (type === 'configuration_update') return isJsonObject(value) && Object.keys(value).length > 0;
  const isOfParts = field === 'content' || (field === 'output' && type !== 'shell_call_output');
  return isOfParts ? hasParts(value) : isFilled(value);
}

/** Whether an item contains its content, so that the API does not look it up by its id. */
export function carriesContent(item: JsonObject): boolean {
  // An item without a type is a message if it has a role.
  const type = item['type'] ?? (typeof item['role'] === 'string' ? 'message' : null);
  const isGiven = (field: string): boolean => item[field] !== undefined && item[field] !== null;
  const lists = contentOf.get(type);
  if (lists !== undefined)
    return lists.some((fields) => fields.every(isGiven) && fields.some((field) => hasContentIn(item, field)));
  return Object.keys(item).some((field) => !labels.has(field) && hasContentIn(item, field));
}
