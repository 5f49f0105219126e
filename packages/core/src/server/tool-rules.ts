import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';
import type { HostedTool } from './proxy-options.ts';
import { Refusal } from './refusal.ts';

/** Keys of tools that clients execute. They cannot refer to anything: `parameters` is a schema, not data. */
const ownToolKeys: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'function',
    new Set(['type', 'name', 'description', 'parameters', 'strict', 'output_schema', 'defer_loading']),
  ],
  ['custom', new Set(['type', 'name', 'description', 'format', 'defer_loading'])],
  ['namespace', new Set(['type', 'name', 'description', 'tools'])],
]);

/** How `allow.hostedTools` calls a tool: its type, or `mcp:<server_label>`. */
export function hostedToolName(tool: JsonObject): string {
  const label = tool['server_label'];
  return tool['type'] === 'mcp' && typeof label === 'string' ? `mcp:${label}` : String(tool['type']);
}

function refuse(param: string, message: string): never {
  throw new Refusal(400, 'tool_not_allowed', `'${param}' ${message}`, { param });
}

function checkOwnTool(tool: JsonObject, keys: ReadonlySet<string>, param: string): JsonObject {
  for (const key of Object.keys(tool)) if (!keys.has(key)) refuse(`${param}.${key}`, 'is not taken here.');
  if (typeof tool['name'] !== 'string') refuse(`${param}.name`, 'has to be a string.');
  if (tool['type'] !== 'namespace') return tool;
  if (!Array.isArray(tool['tools'])) return refuse(`${param}.tools`, 'has to be an array of tools.');
  const tools = tool['tools'].map((inner: JsonValue, index) => {
    const at = `${param}.tools[${index}]`;
    const innerKeys =
      isJsonObject(inner) && inner['type'] !== 'namespace'
        ? ownToolKeys.get(String(inner['type']))
        : undefined;
    if (!isJsonObject(inner) || innerKeys === undefined)
      return refuse(at, 'has to be a function or a custom tool.');
    return checkOwnTool(inner, innerKeys, at);
  });
  return { ...tool, tools };
}

async function hostedTool<P>(
  tool: JsonObject,
  hosted: ReadonlyMap<string, HostedTool<P>>,
  principal: P,
  param: string,
): Promise<JsonObject> {
  const name = hostedToolName(tool);
  const configured = hosted.get(name);
  const parameters = typeof configured === 'function' ? await configured(principal) : configured;
  if (parameters === undefined) return refuse(param, 'names a tool that this server does not offer.');
  const naming = tool['type'] === 'mcp' ? ['type', 'server_label'] : ['type'];
  for (const key of Object.keys(tool)) {
    if (!naming.includes(key))
      refuse(`${param}.${key}`, 'is configured by the server: send the tool with its type alone.');
  }
  return { ...tool, ...parameters };
}

/** Tools as they go to the API: the client's own as they are, hosted ones with the server's parameters. */
export async function checkTools<P>(
  tools: JsonValue,
  hosted: ReadonlyMap<string, HostedTool<P>>,
  principal: P,
): Promise<readonly JsonObject[]> {
  if (!Array.isArray(tools)) return refuse('tools', 'has to be an array of tools.');
  const checked: JsonObject[] = [];
  for (const [index, tool] of tools.entries()) {
    const param = `tools[${index}]`;
    if (!isJsonObject(tool) || typeof tool['type'] !== 'string')
      return refuse(param, 'has to be a tool with a type.');
    const keys = ownToolKeys.get(tool['type']);
    checked.push(
      keys === undefined ? await hostedTool(tool, hosted, principal, param) : checkOwnTool(tool, keys, param),
    );
  }
  return checked;
}

const choiceKeys: ReadonlySet<string> = new Set(['type', 'name', 'server_label', 'mode', 'tools']);

/** `tool_choice` names tools; it must not name a hosted one that is not offered. */
export function checkToolChoice<P>(
  choice: JsonValue,
  hosted: ReadonlyMap<string, HostedTool<P>>,
  param = 'tool_choice',
): void {
  if (typeof choice === 'string') {
    if (!['none', 'auto', 'required'].includes(choice))
      refuse(param, 'has to be `none`, `auto`, `required` or an object.');
    return;
  }
  if (!isJsonObject(choice)) return refuse(param, 'has to name a tool.');
  for (const key of Object.keys(choice))
    if (!choiceKeys.has(key)) refuse(`${param}.${key}`, 'is not taken here.');
  if (choice['type'] === 'allowed_tools') {
    if (param !== 'tool_choice' || !Array.isArray(choice['tools'])) refuse(param, 'has to name tools.');
    for (const [index, tool] of choice['tools'].entries())
      checkToolChoice(isJsonObject(tool) ? tool : null, hosted, `${param}.tools[${index}]`);
    return;
  }
  const isOwn = choice['type'] === 'function' || choice['type'] === 'custom';
  if (choice['tools'] !== undefined || (!isOwn && !hosted.has(hostedToolName(choice))))
    refuse(param, 'names a tool that this server does not offer.');
}
