import { isCall } from '../../../engine/calls.ts';
import { textOf } from '../../../wire/json.ts';
import type { OutputItem } from '../../../wire/items.ts';
import { isHiddenTool, type Redaction } from './redaction.ts';

/**
 * The fields of each item type that a page sees. It always sees `type`, `id` and `status`, and of the types with fields
 * also `agent`: the name of an agent of a multi-agent response. Other types and fields are not shown. These fields are
 * left out:
 *
 * - Definitions of tools (`mcp_list_tools`, `tool_search_output`, `additional_tools`) and settings.
 * - Data that only a server can use: `encrypted_content`, `fingerprint`, `container_id`, `environment`, `caller`,
 *   `created_by`. Such data inside a shown field is left out too, see `redactItem`.
 * - The messages of a multi-agent response's agents to each other, which are instructions.
 */
export const shownFields: ReadonlyMap<string, readonly string[]> = new Map([
  ['additional_tools', []],
  ['agent_message', ['author', 'recipient']],
  ['apply_patch_call', ['call_id', 'operation']],
  ['apply_patch_call_output', ['call_id', 'output']],
  ['code_interpreter_call', ['code', 'outputs']],
  ['compaction', []],
  ['compaction_trigger', []],
  ['computer_call', ['call_id', 'action', 'actions', 'pending_safety_checks']],
  ['computer_call_output', ['call_id', 'output', 'acknowledged_safety_checks']],
  ['configuration_update', []],
  ['custom_tool_call', ['call_id', 'name', 'namespace', 'input']],
  ['custom_tool_call_output', ['call_id', 'output']],
  ['file_search_call', ['queries', 'results']],
  ['function_call', ['call_id', 'name', 'namespace', 'arguments']],
  ['function_call_output', ['call_id', 'name', 'namespace', 'output']],
  [
    'image_generation_call',
    ['result', 'action', 'background', 'output_format', 'quality', 'revised_prompt', 'size'],
  ],
  ['item_reference', []],
  ['local_shell_call', ['call_id', 'action']],
  ['local_shell_call_output', ['output']],
  // A person decides about the arguments.
  ['mcp_approval_request', ['name', 'server_label', 'arguments']],
  ['mcp_approval_response', ['approval_request_id', 'approve', 'reason']],
  ['mcp_call', ['name', 'server_label', 'arguments', 'output', 'error', 'approval_request_id']],
  ['mcp_list_tools', ['server_label']],
  ['message', ['role', 'content', 'phase']],
  ['multi_agent_call', ['call_id', 'action']],
  ['multi_agent_call_output', ['call_id', 'action']],
  ['program', ['call_id', 'code']],
  ['program_output', ['call_id', 'result']],
  ['reasoning', ['summary', 'content']],
  ['shell_call', ['call_id', 'action']],
  ['shell_call_output', ['call_id', 'output', 'max_output_length']],
  ['tool_search_call', ['call_id', 'execution', 'arguments']],
  ['tool_search_output', ['call_id', 'execution']],
  ['web_search_call', ['action']],
]);

/**
 * Items that may contain arguments and outputs of any of the agent's tools, without naming the tool. They are hidden if
 * the agent has a private tool.
 */
const ofAnyTool: ReadonlySet<string> = new Set([
  'custom_tool_call_output',
  'function_call_output',
  'program',
  'program_output',
]);

/** Whether an item is a call of one of the agent's own tools that is hidden. */
function isHiddenItem(item: OutputItem, redaction: Redaction): boolean {
  if (!isCall(item) || item.type === 'mcp_approval_request') return false;
  return isHiddenTool({ name: textOf(item['name']) ?? '', namespace: textOf(item['namespace']) }, redaction);
}

/** The fields of this item that a page sees, except `type`, `id` and `status`. Empty for hidden and unknown items. */
export function fieldsOfItem(item: OutputItem, redaction: Redaction): readonly string[] {
  const { type } = item;
  const isHidden = isHiddenItem(item, redaction) || (redaction.hasPrivateTools && ofAnyTool.has(type));
  return isHidden ? [] : (shownFields.get(type) ?? []);
}
