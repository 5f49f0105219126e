import { ConfigurationError } from '../errors/configuration-error.ts';
import { defined } from '../wire/defined.ts';
import { isJsonObject, type JsonObject } from '../wire/json.ts';
import { customTool } from './custom-tool.ts';
import type { Tool } from './tool.ts';

/** Hosted by name, but executed by the client: a run would stop at the first call of such a tool. */
function needsClient(entry: JsonObject): boolean {
  const { type, environment } = entry;
  if (type === 'shell')
    return !(isJsonObject(environment) && String(environment['type']).startsWith('container'));
  return (
    type === 'computer' || type === 'computer_use_preview' || type === 'local_shell' || type === 'apply_patch'
  );
}

/**
 * Checks an entry of `tools` that was not made by `tool()`. A custom tool given as a plain object becomes one whose
 * calls are answered from outside; undefined for what OpenAI executes itself.
 */
export function checkHostedTool(owner: string, entry: JsonObject, option: string): Tool | undefined {
  const { type, name, description, format } = entry;
  if (needsClient(entry)) {
    throw new ConfigurationError(
      `${owner}: \`${option}\` has type "${String(type)}", whose calls the client must execute, which Longhaul does not; offer the same as a tool() of your own.`,
      { option },
    );
  }
  if (type === 'function') {
    throw new ConfigurationError(
      `${owner}: \`${option}\` is a plain function tool; make it with tool({ name, parameters: { jsonSchema }, execute }).`,
      { option },
    );
  }
  if (type !== 'custom') return undefined;
  return customTool({
    name: String(name),
    ...defined({
      description: typeof description === 'string' ? description : undefined,
      format: isJsonObject(format) ? format : undefined,
    }),
  });
}
