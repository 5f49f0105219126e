import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import type { HostedToolParameters } from '../options/proxy-options.ts';
import { hostedToolName } from './hosted-tool-name.ts';
import { isArrayOf, isBoolean, isString, type JsonRule } from './json-rules.ts';
import { toolNotAllowed } from './tool-not-allowed.ts';

const described = { type: isString, name: isString, description: isString };

/** Keys of tools that clients execute. They cannot refer to anything: `parameters` is a schema, not data. */
const ownTools: ReadonlyMap<unknown, Readonly<Record<string, JsonRule>>> = new Map([
  [
    'function',
    {
      ...described,
      parameters: isJsonObject,
      strict: isBoolean,
      output_schema: isJsonObject,
      defer_loading: isBoolean,
    },
  ],
  ['custom', { ...described, format: isJsonObject, defer_loading: isBoolean }],
  ['namespace', { ...described, tools: isArrayOf(isJsonObject) }],
]);

function checkOwnTool(tool: JsonObject, param: string): JsonObject {
  const rules = ownTools.get(tool['type']) ?? {};
  for (const [key, value] of Object.entries(tool)) {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (rule === undefined) throw toolNotAllowed(`${param}.${key}`, 'is not taken here.');
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

async function configureHostedTool<P>(
  tool: JsonObject,
  hosted: ReadonlyMap<string, HostedToolParameters<P>>,
  principal: P,
  param: string,
): Promise<JsonObject> {
  const configured = hosted.get(hostedToolName(tool));
  const parameters = typeof configured === 'function' ? await configured(principal) : configured;
  if (parameters === undefined) throw toolNotAllowed(param, 'names a tool that this server does not offer.');
  const naming = tool['type'] === 'mcp' ? ['type', 'server_label'] : ['type'];
  for (const key of Object.keys(tool)) {
    if (naming.includes(key)) continue;
    throw toolNotAllowed(
      `${param}.${key}`,
      'is configured by the server: send the tool with its name alone.',
    );
  }
  return { ...tool, ...parameters };
}

/** Tools as they go to the API: the client's own as they are, hosted ones with the server's parameters. */
export async function checkTools<P>(
  tools: JsonValue,
  hosted: ReadonlyMap<string, HostedToolParameters<P>>,
  principal: P,
): Promise<readonly JsonObject[]> {
  const sent: readonly JsonValue[] = Array.isArray(tools) ? tools : [tools];
  const checked: JsonObject[] = [];
  for (const [index, tool] of sent.entries()) {
    const param = `tools[${index}]`;
    if (!isJsonObject(tool)) throw toolNotAllowed(param, 'has to be a tool.');
    const isOwn = ownTools.has(tool['type']);
    checked.push(
      isOwn ? checkOwnTool(tool, param) : await configureHostedTool(tool, hosted, principal, param),
    );
  }
  return checked;
}
