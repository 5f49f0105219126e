import type { OutputItem } from '../wire/items.ts';

/**
 * The name of a tool that the API executes: the type of its item without `_call`. `function` and `custom_tool` are
 * calls that a server has executed itself.
 */
export type HostedToolName =
  | 'web_search'
  | 'file_search'
  | 'code_interpreter'
  | 'image_generation'
  | 'mcp'
  | 'mcp_list_tools'
  | 'shell'
  | 'local_shell'
  | 'apply_patch'
  | 'computer'
  | 'tool_search'
  | 'program'
  | 'multi_agent'
  | 'function'
  | 'custom_tool'
  // A tool that this version does not know.
  | (string & Record<never, never>);

/** The tool that an item calls. Undefined for all other items. */
export function hostedToolName({ type }: OutputItem): HostedToolName | undefined {
  const name = type.replace(/_call$/, '');
  return name !== type || name === 'mcp_list_tools' || name === 'program' ? name : undefined;
}
