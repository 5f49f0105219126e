import { isJsonObject, wordOf, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { Refusal } from '../refusal.ts';

/** The item types that every tool loop sends back. */
const ownItems: readonly string[] = [
  'message',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'reasoning',
  'compaction',
  // Accepted only if `authorizeReference` allows the item.
  'item_reference',
];

/** The item types of hosted tools that a replay sends back. */
const itemsOfHostedTools: ReadonlyMap<string, readonly string[]> = new Map([
  ['web_search', ['web_search_call']],
  ['file_search', ['file_search_call']],
  ['code_interpreter', ['code_interpreter_call']],
  ['image_generation', ['image_generation_call']],
  ['mcp', ['mcp_list_tools', 'mcp_call', 'mcp_approval_request', 'mcp_approval_response']],
  ['computer', ['computer_call', 'computer_call_output']],
  ['shell', ['shell_call', 'shell_call_output']],
  ['local_shell', ['local_shell_call', 'local_shell_call_output']],
  ['tool_search', ['tool_search_call', 'tool_search_output']],
  ['programmatic_tool_calling', ['program', 'program_output']],
  ['apply_patch', ['apply_patch_call', 'apply_patch_call_output']],
]);

/** Items that contain tools. The same rules apply to these tools as to those in `tools`. */
export const itemsThatBringTools: readonly string[] = ['additional_tools', 'tool_search_output'];

/** The types of input items that clients may send. */
export function allowedItems(hostedTools: Iterable<string>, further: readonly string[]): ReadonlySet<string> {
  const types = new Set([...ownItems, ...further]);
  for (const name of hostedTools) {
    for (const [tool, items] of itemsOfHostedTools) {
      if (name === tool || name.startsWith(`${tool}_`) || name.startsWith(`${tool}:`))
        for (const item of items) types.add(item);
    }
  }
  return types;
}

function typeOf(item: JsonObject): JsonValue {
  // An item without a type is a message if it has a role, otherwise a reference by id.
  return item['type'] ?? (typeof item['role'] === 'string' ? 'message' : 'item_reference');
}

function checkItem(item: JsonValue, param: string, allowed: ReadonlySet<string>): JsonObject {
  if (!isJsonObject(item)) throw new Refusal(400, 'invalid_type', `'${param}' has to be an item.`, { param });
  const type = typeOf(item);
  if (typeof type !== 'string' || !allowed.has(type)) {
    throw new Refusal(400, 'item_not_allowed', `'${param}' is of a type that this server does not accept.`, {
      param,
    });
  }
  const isList = type === 'mcp_list_tools' || itemsThatBringTools.includes(type);
  const tools = item['tools'] ?? undefined;
  // In other items, tools would not be checked by the rules for tools.
  if (tools !== undefined && !(isList && Array.isArray(tools))) {
    throw new Refusal(400, 'item_not_allowed', `'${param}.tools' is not accepted: name tools in 'tools'.`, {
      param: `${param}.tools`,
    });
  }
  // The type is set explicitly, so that the API reads the item as the type that was checked.
  return { ...item, type };
}

/** Checks the types of input items. Their references are checked in `findReferences`. */
export function checkInput(input: JsonValue, allowed: ReadonlySet<string>): JsonValue {
  if (!Array.isArray(input)) return input;
  return input.map((item: JsonValue, index) => checkItem(item, `input[${index}]`, allowed));
}

/** Returns the items with their tools checked and configured like those in `tools`. */
export async function checkToolsOfItems(
  items: JsonValue | undefined,
  check: (tools: JsonValue, param: string) => Promise<readonly JsonObject[]>,
): Promise<JsonValue | undefined> {
  if (!Array.isArray(items)) return items;
  const checked: JsonValue[] = [];
  for (const [index, item] of items.entries()) {
    const tools =
      isJsonObject(item) && itemsThatBringTools.includes(wordOf(item['type'])) ? item['tools'] : null;
    checked.push(
      Array.isArray(tools) ? { ...item, tools: await check(tools, `input[${index}].tools`) } : item,
    );
  }
  return checked;
}
