import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { itemsThatBringTools } from '../request/input-items.ts';
import { cleanFields, isNoExplanation } from './rewrite-error.ts';
import type { Rewriting } from './rewriting.ts';
import { secretsOfTool } from './secrets-of.ts';
import { wordOf } from '../../wire/text-of.ts';

const ownTools: ReadonlySet<unknown> = new Set(['function', 'custom', 'namespace']);

/**
 * The API echoes tools in full: hosted ones, which the server configured, are cut down to their name again. What is cut
 * away is remembered, as errors may quote it.
 */
export function rewriteTool(tool: JsonValue, { secrets }: Rewriting): JsonValue {
  if (!isJsonObject(tool) || ownTools.has(tool['type'])) return tool;
  secrets.add(secretsOfTool(tool));
  const { type, server_label: label } = tool;
  return label === undefined ? { type } : { type, server_label: label };
}

/**
 * An item as the client may see it: called by its name, its error cleaned, the tools that it brings cut down. The same
 * object where nothing changes.
 */
export async function rewriteItem(item: JsonValue, rewriting: Rewriting): Promise<JsonValue> {
  if (!isJsonObject(item)) return item;
  const { type, id, tools } = item;
  const { names } = rewriting;
  const changed: Record<string, JsonValue | undefined> = await cleanFields(item, isNoExplanation, rewriting);
  if (typeof id === 'string') changed['id'] = await names.itemNameOf(id);
  // An `approval_request_id` stays: the client may have written it, and a poll does not know what it proved to be its own.
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

/** What only the server can have set: how it calls its visitors at OpenAI is not shown to them, nor in errors. */
export function siteFieldsOf(response: JsonObject): Readonly<Record<string, string>> {
  const fields: [string, string][] = [];
  for (const name of ['safety_identifier', 'user']) {
    const value = response[name];
    if (typeof value === 'string') fields.push([name, value]);
  }
  return Object.fromEntries(fields);
}
