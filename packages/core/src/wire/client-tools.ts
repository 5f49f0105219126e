import type { OutputItem } from './items.ts';
import { isJsonObject, wordOf, type JsonObject } from './json.ts';

/** OpenAI's tools that the client executes, by type, with the type of the item that calls them. */
const callsOfClientTools: ReadonlyMap<string, string> = new Map([
  ['computer', 'computer_call'],
  ['computer_use_preview', 'computer_call'],
  ['local_shell', 'local_shell_call'],
  ['shell', 'shell_call'],
  ['apply_patch', 'apply_patch_call'],
]);
const clientCalls: ReadonlySet<string> = new Set(callsOfClientTools.values());

/** Whether the client executes a tool of OpenAI's. A shell in a container and most tool searches are hosted. */
export function isClientTool({ type, environment, execution }: JsonObject): boolean {
  if (type === 'tool_search') return execution === 'client';
  const isHosted =
    type === 'shell' && isJsonObject(environment) && wordOf(environment['type']).startsWith('container');
  return callsOfClientTools.has(wordOf(type)) && !isHosted;
}

/** Whether an item asks the client to execute a tool of OpenAI's. Calls of hosted shells have the same type. */
export function isClientCall(item: OutputItem): boolean {
  return item.type === 'tool_search_call' ? item['execution'] === 'client' : clientCalls.has(item.type);
}
