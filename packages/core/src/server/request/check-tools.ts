import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { hostedToolName } from './hosted-tool-name.ts';
import type { HostedTools } from './hosted-tools.ts';
import { isArrayOf, isBoolean, isString, type JsonRule } from './json-rules.ts';
import { toolNotAllowed } from './tool-not-allowed.ts';

const described = { type: isString, name: isString, description: isString };

/** Whether the model sees the tool only after a tool search, and whether the model or a program may call it. */
const callers = { defer_loading: isBoolean, allowed_callers: isArrayOf(isString) };

/**
 * The allowed keys of tools that clients execute. They cannot refer to anything: `parameters` is a schema, not data.
 * `async` is not allowed: the output of a call that the model does not wait for would arrive after its response has
 * ended.
 */
const ownTools: ReadonlyMap<unknown, Readonly<Record<string, JsonRule>>> = new Map([
  [
    'function',
    {
      ...described,
      parameters: isJsonObject,
      strict: isBoolean,
      output_schema: isJsonObject,
      ...callers,
    },
  ],
  ['custom', { ...described, format: isJsonObject, ...callers }],
  ['namespace', { ...described, tools: isArrayOf(isJsonObject) }],
]);

function checkOwnTool(tool: JsonObject, param: string): JsonObject {
  const rules = ownTools.get(tool['type']) ?? {};
  for (const [key, value] of Object.entries(tool)) {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (rule === undefined) throw toolNotAllowed(`${param}.${key}`, 'is not accepted here.');
    if (value !== null && !rule(value)) throw toolNotAllowed(`${param}.${key}`, 'is of the wrong type.');
  }
  if (typeof tool['name'] !== 'string') throw toolNotAllowed(`${param}.name`, 'has to be a string.');
  if (tool['type'] !== 'namespace') return tool;
  const inner: readonly JsonValue[] = Array.isArray(tool['tools']) ? tool['tools'] : [];
  const tools = inner.map((one, index) => {
    const at = `${param}.tools[${index}]`;
    if (isJsonObject(one) && (one['type'] === 'function' || one['type'] === 'custom'))
      return checkOwnTool(one, at);
    throw toolNotAllowed(at, 'has to be a function or a custom tool.');
  });
  return { ...tool, tools };
}

async function configureHostedTool(
  tool: JsonObject,
  hosted: HostedTools,
  param: string,
): Promise<JsonObject> {
  const parameters = await hosted.parametersOf(hostedToolName(tool));
  if (parameters === undefined) throw toolNotAllowed(param, 'names a tool that this server does not offer.');
  const naming = tool['type'] === 'mcp' ? ['type', 'server_label'] : ['type'];
  for (const key of Object.keys(tool)) {
    if (naming.includes(key)) continue;
    throw toolNotAllowed(`${param}.${key}`, 'is configured by the server: send only the name of the tool.');
  }
  return { ...tool, ...parameters };
}

/** Returns the tools for the API: the client's own tools unchanged, hosted ones with the server's parameters. */
export async function checkTools(
  tools: JsonValue,
  hosted: HostedTools,
  param = 'tools',
): Promise<readonly JsonObject[]> {
  const sent: readonly JsonValue[] = Array.isArray(tools) ? tools : [tools];
  const checked: JsonObject[] = [];
  for (const [index, tool] of sent.entries()) {
    const at = `${param}[${index}]`;
    if (!isJsonObject(tool)) throw toolNotAllowed(at, 'has to be a tool.');
    const isOwn = ownTools.has(tool['type']);
    checked.push(isOwn ? checkOwnTool(tool, at) : await configureHostedTool(tool, hosted, at));
  }
  return checked;
}
