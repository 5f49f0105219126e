import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { rewriteError } from './rewrite-error.ts';
import { rewriteItems, rewriteTool, siteFieldsOf } from './rewrite-item.ts';
import type { Rewriting } from './rewriting.ts';

/**
 * A Response object as the client may see it. Ids of responses and items are rewritten in the API's own places only: in
 * what clients write themselves (metadata, schemas) it would sign any id they care to send.
 */
export async function rewriteResponse(response: JsonObject, rewriting: Rewriting): Promise<JsonObject> {
  const { names, secrets } = rewriting;
  const { id, previous_response_id: previous, tools, output, error } = response;
  const site = siteFieldsOf(response);
  secrets.add(Object.values(site));
  // Before errors are cleaned: they may quote what the tools hold.
  const shownTools = Array.isArray(tools)
    ? tools.map((tool: JsonValue) => rewriteTool(tool, rewriting))
    : undefined;
  return {
    ...response,
    ...Object.fromEntries(Object.keys(site).map((name) => [name, null])),
    ...(typeof id === 'string' ? { id: await names.nameOf(id) } : {}),
    ...(typeof previous === 'string' ? { previous_response_id: await names.nameOf(previous) } : {}),
    ...(shownTools === undefined ? {} : { tools: shownTools }),
    ...(Array.isArray(output) ? { output: await rewriteItems(output, rewriting) } : {}),
    ...(isJsonObject(error) ? { error: await rewriteError(error, rewriting) } : {}),
  };
}
