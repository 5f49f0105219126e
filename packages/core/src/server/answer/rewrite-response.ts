import { type JsonObject, type JsonValue } from '../../wire/json.ts';
import { cleanFields, rewriteErrorValue } from './rewrite-error.ts';
import { rewriteItems, rewriteTool, siteFieldsOf } from './rewrite-item.ts';
import type { Rewriting } from './rewriting.ts';

/** The fields of a response that explain nothing (openai 7.59). What is in others is a gateway's, and cleaned as errors are. */
const plainFields: ReadonlySet<string> = new Set([
  'access_programs',
  'background',
  'completed_at',
  'conversation',
  'created_at',
  'error',
  'id',
  'image',
  'input_transformations',
  'instructions',
  'max_output_tokens',
  'max_tool_calls',
  'metadata',
  'model',
  'moderation',
  'object',
  'output',
  'output_text',
  'parallel_tool_calls',
  'previous_response_id',
  'prompt',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'reasoning',
  'safety_identifier',
  'service_tier',
  'status',
  'store',
  'temperature',
  'text',
  'tool_choice',
  'tool_usage',
  'tools',
  'top_logprobs',
  'top_p',
  'truncation',
  'usage',
  'user',
]);

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
    ...(await cleanFields(response, (name) => plainFields.has(name), rewriting)),
    ...Object.fromEntries(Object.keys(site).map((name) => [name, null])),
    ...(typeof id === 'string' ? { id: await names.nameOf(id) } : {}),
    ...(typeof previous === 'string' ? { previous_response_id: await names.nameOf(previous) } : {}),
    ...(shownTools === undefined ? {} : { tools: shownTools }),
    ...(Array.isArray(output) ? { output: await rewriteItems(output, rewriting) } : {}),
    ...(error === undefined || error === null ? {} : { error: await rewriteErrorValue(error, rewriting) }),
  };
}
