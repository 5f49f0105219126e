import type { OutputItem } from '../wire/items.ts';

const names = [
  'web_search',
  'file_search',
  'code_interpreter',
  'image_generation',
  'mcp',
  'mcp_list_tools',
  'shell',
  'local_shell',
  'apply_patch',
  'computer',
  'tool_search',
  'program',
  'multi_agent',
  // A server may execute calls of the agent's own tools, and send their outputs.
  'function',
  'custom_tool',
] as const;

/** The name of a tool that the API executes: the type of its item without `_call`. */
export type HostedToolName = (typeof names)[number];

/** The tool that an item calls. Undefined for all other items. */
export function hostedToolName({ type }: OutputItem): HostedToolName | undefined {
  return names.find((name) => type === name || type === `${name}_call`);
}
