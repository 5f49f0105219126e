import { isJsonObject, wordOf, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { itemsThatBringTools } from '../request/input-items.ts';
import { cleanFields, isNoExplanation } from './rewrite-error.ts';
import type { Rewriting } from './rewriting.ts';
import { secretsOfTool } from './secrets-of.ts';

const ownTools: ReadonlySet<unknown> = new Set(['function', 'custom', 'namespace']);

/**
 * Reduces a hosted tool to its type and label. The API's answers contain the tool's parameters, which the operator of
 * this proxy configured. The parameters become known secrets, because errors may quote them. Other tools do not change.
 */
export function rewriteTool(tool: JsonValue, { secrets }: Rewriting): JsonValue {
  if (!isJsonObject(tool) || ownTools.has(tool['type'])) return tool;
  secrets.add(secretsOfTool(tool));
  const { type, server_label: label } = tool;
  return label === undefined ? { type } : { type, server_label: label };
}

/**
 * Rewrites an item for the client: signs its id, cleans its error, and reduces the hosted tools in it. Returns the
 * same object if the item has no id, no error and no tools.
 */
export async function rewriteItem(item: JsonValue, rewriting: Rewriting): Promise<JsonValue> {
  if (!isJsonObject(item)) return item;
  const { type, id, tools } = item;
  const { names } = rewriting;
  const changed: Record<string, JsonValue | undefined> = await cleanFields(item, isNoExplanation, rewriting);
  if (typeof id === 'string') changed['id'] = await names.itemNameOf(id);
  // `approval_request_id` stays unchanged: the client may have written it, and during a poll the proxy cannot check
  // that it is the client's own.
  if (Array.isArray(tools) && itemsThatBringTools.includes(wordOf(type)))
    changed['tools'] = tools.map((tool: JsonValue) => rewriteTool(tool, rewriting));
  return Object.keys(changed).length === 0 ? item : { ...item, ...changed };
}

export async function rewriteItems(
  items: readonly JsonValue[],
  rewriting: Rewriting,
): Promise<readonly JsonValue[]> {
  const rewritten: JsonValue[] = [];
  for (const item of items) rewritten.push(await rewriteItem(item, rewriting));
  return rewritten;
}

/**
 * Returns the fields that only the server can have set. Visitors must not see how the server identifies them to OpenAI,
 * not even in errors.
 */
export function siteFieldsOf(response: JsonObject): Readonly<Record<string, string>> {
  const fields: [string, string][] = [];
  for (const name of ['safety_identifier', 'user']) {
    const value = response[name];
    if (typeof value === 'string') fields.push([name, value]);
  }
  return Object.fromEntries(fields);
}
