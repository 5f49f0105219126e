import { mustBe } from '../errors/must-be.ts';
import type { WireTool } from '../wire/create-body.ts';
import { deepFreeze } from '../wire/deep-freeze.ts';
import { isJsonObject, type JsonObject } from '../wire/json.ts';
import { customTool } from './custom-tool.ts';
import type { Tool } from './tool.ts';
import { wordOf } from '../wire/text-of.ts';

const forClient: readonly string[] = [
  'computer',
  'computer_use_preview',
  'local_shell',
  'apply_patch',
  'function',
];

/**
 * Executed by the client: a run would stop at the first call of such a tool. Some of them are hosted by name, and of
 * functions it cannot be seen how.
 */
function needsClient({ type, environment, execution }: JsonObject): boolean {
  if (type === 'tool_search') return execution === 'client';
  if (type !== 'shell') return forClient.includes(wordOf(type));
  return !(isJsonObject(environment) && wordOf(environment['type']).startsWith('container'));
}

/**
 * Checks an entry of `tools` that was not made by `tool()`. A custom tool given as a plain object becomes one whose
 * calls are answered from outside; undefined for what OpenAI executes itself.
 */
export function checkHostedTool(owner: string, entry: WireTool, option: string): Tool | undefined {
  const { type, name } = entry;
  const what = `made with tool(…), as calls of type "${type}" are for the client to execute`;
  mustBe(!needsClient(entry), owner, option, what);
  if (type !== 'custom') return undefined;
  return { ...customTool({ name: typeof name === 'string' ? name : '' }), definition: deepFreeze(entry) };
}
