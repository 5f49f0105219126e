import { textOf, type JsonObject } from '../wire/json.ts';

/** The key of a tool in an agent. Names have no dots, so the key of a tool in a namespace is unique. */
export function toolKey(name: string, namespace: string | undefined): string {
  return namespace === undefined ? name : `${namespace}.${name}`;
}

/** The key of the tool that an item calls. */
export function calledKey(item: JsonObject | undefined): string {
  return toolKey(textOf(item?.['name']) ?? '', textOf(item?.['namespace']));
}

/**
 * The tool that an item calls. If tool search has loaded a tool without a namespace, the API sends the name of the tool
 * as the namespace (openai-agents-python, `_tool_identity`).
 */
export function toolOf<Tool>(
  tools: ReadonlyMap<string, Tool>,
  item: JsonObject | undefined,
): Tool | undefined {
  const tool = tools.get(calledKey(item));
  if (tool !== undefined || item?.['namespace'] !== item?.['name']) return tool;
  return tools.get(textOf(item?.['name']) ?? '');
}
