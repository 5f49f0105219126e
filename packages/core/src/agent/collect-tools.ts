import { ConfigurationError } from '../errors/configuration-error.ts';
import { mustBe, mustBeJson } from '../errors/must-be.ts';
import type { WireTool } from '../wire/create-body.ts';
import { deepFreeze } from '../wire/deep-freeze.ts';
import { fieldsOf, isJsonObject } from '../wire/json.ts';
import { validToolName } from './check-tool-options.ts';
import { sharedLabel } from '../wire/tool-secrets.ts';
import { checkHostedTool } from './hosted-tool.ts';
import type { Tool } from './tool.ts';
import { refuseAsync } from './tool-kind.ts';
import { toolKey } from './tool-of.ts';

/**
 * A tool as a plain object, such as a hosted tool of OpenAI, which is sent unchanged: `{ type: 'web_search' }`. The
 * types of the `openai` package fit. The calls of a plain custom tool, `{ type: 'custom', name }`, wait for
 * `run.submitToolOutput`, like those of a tool without `execute`. A namespace contains your own tools:
 * `{ type: 'namespace', name, description, tools: [tool(…)] }`.
 */
export type HostedTool =
  | { readonly type: string; readonly [parameter: string]: unknown }
  // For objects whose type is an interface, because an interface has no index signature.
  | { readonly type: string };

export type AgentTool = Tool | HostedTool;

/** The tools of an agent: those whose calls the client answers, by key, and the definitions of all for the API. */
export interface CollectedTools {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly wire: readonly WireTool[];
}

function isTool(entry: unknown): entry is Tool {
  return typeof Object(entry).read === 'function';
}

/** Checks an entry that is not made by `tool()` or `customTool()`. It must be plain JSON and must not use `async`. */
function plainTool(owner: string, entry: unknown, option: string): WireTool {
  const isEntry = isJsonObject(entry) && typeof entry['type'] === 'string';
  mustBe(isEntry, owner, option, 'a tool made by tool(), or a tool of OpenAI with its `type`');
  refuseAsync(owner, Object(entry), `${option}.async`);
  return mustBeJson<WireTool>(entry, owner, option);
}

/**
 * Reads the `tools` of an agent.
 *
 * @throws ConfigurationError for an invalid tool. The message names the place.
 */
export function collectTools(owner: string, entries: readonly AgentTool[]): CollectedTools {
  const tools = new Map<string, Tool>();

  function add(tool: Tool | undefined, namespace: string | undefined, option: string): void {
    if (tool === undefined) return;
    const key = toolKey(tool.name, namespace);
    if (tools.has(key)) {
      const message = `${owner}: \`${option}\` is invalid: two tools have the name "${key}".`;
      throw new ConfigurationError(message, { option });
    }
    tools.set(key, tool);
  }

  function namespaceTool(entry: object, option: string): WireTool {
    const { name, description, tools: inner }: { readonly [field: string]: unknown } = fieldsOf(entry);
    refuseAsync(owner, entry, `${option}.async`);
    const isName = typeof name === 'string' && validToolName.test(name);
    mustBe(isName, owner, option, 'a namespace with a `name` of 1 to 64 letters, digits, "_" or "-"');
    const isDescribed = typeof description === 'string' && description !== '';
    mustBe(isDescribed, owner, option, 'a namespace with a `description` for the model');
    mustBe(
      Array.isArray(inner) && inner.length > 0,
      owner,
      option,
      'a namespace with at least one tool in `tools`',
    );
    const list: readonly unknown[] = Array.isArray(inner) ? inner : [];
    const definitions = list.map((one, index) => {
      const place = `${option}.tools[${index}]`;
      if (isTool(one)) {
        add(one, name, option);
        return one.definition;
      }
      const plain = plainTool(owner, one, place);
      const what = `a namespace of tools made by tool() or customTool(), but \`${place}\` is not`;
      mustBe(plain.type === 'custom', owner, option, what);
      add(checkHostedTool(owner, plain, place), name, option);
      return plain;
    });
    return { ...mustBeJson<WireTool>({ ...entry, tools: [] }, owner, option), tools: definitions };
  }

  const wire = entries.map((entry, index) => {
    const option = `tools[${index}]`;
    if (isTool(entry)) {
      add(entry, undefined, option);
      return entry.definition;
    }
    if (isJsonObject(entry) && entry['type'] === 'namespace') return deepFreeze(namespaceTool(entry, option));
    const plain = plainTool(owner, entry, option);
    add(checkHostedTool(owner, plain, option), undefined, option);
    return deepFreeze(plain);
  });
  const label = sharedLabel(wire);
  if (label !== undefined) {
    const message = `${owner}: \`tools\` is invalid: two MCP servers have the label ${JSON.stringify(label)}.`;
    throw new ConfigurationError(message, { option: 'tools' });
  }
  return { tools, wire };
}
