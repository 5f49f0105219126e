import type { WireTool } from '../wire/create-body.ts';
import { isJsonObject, type JsonObject } from '../wire/json.ts';
import type { OutputItem } from '../wire/items.ts';
import type { StoredItem } from './stored-item.ts';

function declares(tool: JsonObject, name: unknown): boolean {
  return tool['type'] === 'function' && tool['name'] === name && isJsonObject(tool['output_schema']);
}

/**
 * Whether a function that an item may call declares `output_schema`. Then the API accepts only JSON as the output
 * ("expected a JSON string because the function declares output_schema"). If functions in different namespaces have the
 * same name, one with a schema is enough, because the API accepts JSON for all functions.
 */
export function declaresOutput(tools: readonly unknown[], item: OutputItem | undefined): boolean {
  if (item?.type !== 'function_call') return false;
  const { name } = item;
  return tools.filter(isJsonObject).some((tool) => {
    const { type, tools: inner } = tool;
    if (type !== 'namespace' || !Array.isArray(inner)) return declares(tool, name);
    return inner.filter(isJsonObject).some((one) => declares(one, name));
  });
}

/**
 * The tools that an iteration's create may have had: the agent's, and their replacements by `prepareRequest`.
 */
export function toolsOfIteration(
  tools: readonly WireTool[],
  items: readonly StoredItem[],
  iteration: number,
): readonly unknown[] {
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    if (item?.type === 'iteration' && item.iteration < iteration) break;
    if (item?.type === 'request' && item.iteration === iteration)
      return [...tools, ...preparedTools(item.patch.set)];
  }
  return tools;
}

/** The tools that a patch of a request sets. */
export function preparedTools({ tools }: JsonObject): readonly unknown[] {
  return Array.isArray(tools) ? tools : [];
}
