import { mustBe } from '../errors/must-be.ts';
import { isClientTool } from '../wire/client-tools.ts';
import type { WireTool } from '../wire/create-body.ts';
import { deepFreeze } from '../wire/deep-freeze.ts';
import { customTool } from './custom-tool.ts';
import type { Tool } from './tool.ts';

/**
 * Checks an entry of `tools` that was not made by `tool()` or `customTool()`. A custom tool that is a plain object
 * becomes a tool whose calls wait for `run.submitToolOutput`. Returns undefined for a tool that OpenAI executes.
 */
export function checkHostedTool(owner: string, entry: WireTool, option: string): Tool | undefined {
  const { type, name } = entry;
  const what = `made by tool(), because the client executes calls of type "${type}"`;
  mustBe(type !== 'function' && !isClientTool(entry), owner, option, what);
  if (type !== 'custom') return undefined;
  return { ...customTool({ name: typeof name === 'string' ? name : '' }), definition: deepFreeze(entry) };
}
