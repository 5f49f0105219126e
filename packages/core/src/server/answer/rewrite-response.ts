import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import type { IdNames } from '../ids/id-names.ts';
import { scrub } from './scrub.ts';

/** What the client may see of an exchange: ids by their names, no secrets. */
export interface Rewriting {
  readonly names: IdNames;
  readonly secrets: readonly string[];
}

/** Of an error's fields those that OpenAI's clients read: gateways add traces and account names of their own. */
const errorFields: ReadonlySet<string> = new Set(['message', 'type', 'param', 'code']);

/** The API's error object, reduced to what OpenAI's clients read. */
export function rewriteError(error: JsonObject, { names, secrets }: Rewriting): JsonObject {
  const { message } = error;
  return {
    ...Object.fromEntries(Object.entries(error).filter(([name]) => errorFields.has(name))),
    ...(typeof message === 'string' ? { message: names.inText(scrub(message, secrets)) } : {}),
  };
}

const ownTools: ReadonlySet<unknown> = new Set(['function', 'custom', 'namespace']);

/** The API echoes tools in full: hosted ones, which the server configured, are cut down to their name again. */
function rewriteTool(tool: JsonValue): JsonValue {
  if (!isJsonObject(tool) || ownTools.has(tool['type'])) return tool;
  const { type, server_label: label } = tool;
  return label === undefined ? { type } : { type, server_label: label };
}

/**
 * A Response object as the client may see it. Ids are rewritten in the API's own places only: in what clients write
 * themselves (metadata, schemas) it would sign any id they care to send.
 */
export async function rewriteResponse(response: JsonObject, rewriting: Rewriting): Promise<JsonObject> {
  const { names } = rewriting;
  const { id, previous_response_id: previous, tools, error } = response;
  const site = ['safety_identifier', 'user'].filter((name) => typeof response[name] === 'string');
  return {
    ...response,
    // Only the server can have set them: how it calls its visitors at OpenAI is none of theirs.
    ...Object.fromEntries(site.map((name) => [name, null])),
    ...(typeof id === 'string' ? { id: await names.nameOf(id) } : {}),
    ...(typeof previous === 'string' ? { previous_response_id: await names.nameOf(previous) } : {}),
    ...(Array.isArray(tools) ? { tools: tools.map(rewriteTool) } : {}),
    ...(isJsonObject(error) ? { error: rewriteError(error, rewriting) } : {}),
  };
}
