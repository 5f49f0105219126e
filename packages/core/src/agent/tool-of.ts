import type { OutputItem } from '../wire/items.ts';
import { textOf } from '../wire/json.ts';
import type { Tool } from './tool.ts';

/** What an agent knows a tool by. Names have no dots, so that the tools of a namespace cannot be taken for others. */
export function toolKey(name: string, namespace: string | undefined): string {
  return namespace === undefined ? name : `${namespace}.${name}`;
}

/** The key of the tool that an item calls. */
export function calledKey(item: OutputItem | undefined): string {
  return toolKey(textOf(item?.['name']) ?? '', textOf(item?.['namespace']));
}

/**
 * The tool that an item calls. Where tool search has loaded a tool that is in no namespace, the API gives its own name
 * as the namespace (openai-agents-python, `_tool_identity`).
 */
export function toolOf(tools: ReadonlyMap<string, Tool>, item: OutputItem | undefined): Tool | undefined {
  const tool = tools.get(calledKey(item));
  if (tool !== undefined || item?.['namespace'] !== item?.['name']) return tool;
  return tools.get(textOf(item?.['name']) ?? '');
}
