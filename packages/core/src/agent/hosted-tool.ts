import { mustBe } from '../errors/must-be.ts';
import { isClientTool } from '../wire/client-tools.ts';
import type { WireTool } from '../wire/create-body.ts';
import { deepFreeze } from '../wire/deep-freeze.ts';
import { customTool } from './custom-tool.ts';
import type { Tool } from './tool.ts';

/**
 * Checks an entry of `tools` that was not made by `tool()`. A custom tool given as a plain object becomes one whose
 * calls are answered from outside; undefined for what OpenAI executes itself.
 */
export function checkHostedTool(owner: string, entry: WireTool, option: string): Tool | undefined {
  const { type, name } = entry;
  const what = `made with tool(…), as calls of type "${type}" are for the client to execute`;
  mustBe(type !== 'function' && !isClientTool(entry), owner, option, what);
  if (type !== 'custom') return undefined;
  return { ...customTool({ name: typeof name === 'string' ? name : '' }), definition: deepFreeze(entry) };
}
