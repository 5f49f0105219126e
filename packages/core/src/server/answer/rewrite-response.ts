import { type JsonObject, type JsonValue } from '../../wire/json.ts';
import { cleanFields, rewriteErrorValue } from './rewrite-error.ts';
import { rewriteItems, rewriteTool, siteFieldsOf } from './rewrite-item.ts';
import type { Rewriting } from './rewriting.ts';

/**
 * The fields of OpenAI's Response object that do not explain a failure (openai 7.59). Other fields are cleaned like
 * errors, because a gateway may have added them.
 */
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
 * Rewrites a Response object for the client. Only ids in the API's own fields are signed. In fields that clients write
 * (metadata, schemas), a client could insert any id and have it signed.
 */
export async function rewriteResponse(response: JsonObject, rewriting: Rewriting): Promise<JsonObject> {
  const { names, secrets } = rewriting;
  const { id, previous_response_id: previous, tools, output, error } = response;
  const site = siteFieldsOf(response);
  secrets.add(Object.values(site));
  // Tools come before errors, because errors may quote the tools' parameters.
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
