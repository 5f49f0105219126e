import type { JsonObject, JsonValue } from '../../wire/json.ts';
import { isJsonObject } from '../../wire/json.ts';
import type { ResponseStatus } from '../../wire/response.ts';
import type { StoredResponse } from './stored-response.ts';

function seconds(at: number): number {
  return Math.floor(at / 1000);
}

/** What may hold a key of somebody else's server is not shown again. */
function redactedServer(tool: JsonObject): JsonObject {
  const { headers, server_url: url } = tool;
  return {
    ...tool,
    ...(isJsonObject(headers)
      ? { headers: Object.fromEntries(Object.keys(headers).map((name) => [name, '<redacted>'])) }
      : {}),
    ...(typeof url === 'string' ? { server_url: url.replace(/^(\w+:\/\/[^/]+).*/, '$1/<redacted>') } : {}),
    ...('authorization' in tool ? { authorization: '<redacted>' } : {}),
  };
}

/** Tools come back in full, with defaults filled: `strict` is true unless the request says otherwise. */
function echoedTool(tool: JsonValue): JsonValue {
  if (isJsonObject(tool) && tool['type'] === 'mcp') return redactedServer(tool);
  if (!isJsonObject(tool) || tool['type'] !== 'function') return tool;
  return {
    type: 'function',
    description: tool['description'] ?? null,
    name: tool['name'] ?? '',
    parameters: tool['parameters'] ?? null,
    strict: tool['strict'] ?? true,
  };
}

function echoedText(text: JsonValue | undefined): JsonObject {
  const given = isJsonObject(text) ? text : {};
  return { format: given['format'] ?? { type: 'text' }, verbosity: given['verbosity'] ?? 'medium' };
}

function echoedReasoning(reasoning: JsonValue | undefined): JsonObject {
  const given = isJsonObject(reasoning) ? reasoning : {};
  return { effort: given['effort'] ?? null, summary: given['summary'] ?? null };
}

function tier(requested: JsonValue | undefined, terminal: boolean): JsonValue {
  const asked = requested ?? 'auto';
  return terminal && asked === 'auto' ? 'default' : asked;
}

function usageOf(response: StoredResponse, status: ResponseStatus): JsonObject | null {
  if (status === 'completed' || status === 'incomplete') return response.usage;
  return status === 'cancelled' && response.cancelled?.usageShown === true ? response.usage : null;
}

/**
 * The Response object of a state. While it runs `output` is empty, however far the model is: only streams show
 * progress. `service_tier` is `auto` until it has run.
 */
export function responseObject(response: StoredResponse, status: ResponseStatus): JsonObject {
  const { body, outcome } = response;
  const ran = status === 'completed' || status === 'incomplete' || status === 'failed';
  return {
    id: response.id,
    object: 'response',
    created_at: seconds(response.createdAt),
    status: status === 'in_progress' ? (response.oddities.unknownStatus ?? status) : status,
    background: response.background,
    completed_at: status === 'completed' && response.endsAt !== null ? seconds(response.endsAt) : null,
    error:
      status === 'failed' && outcome.status === 'failed'
        ? { code: outcome.code, message: outcome.message }
        : null,
    frequency_penalty: 0,
    incomplete_details:
      status === 'incomplete' && outcome.status === 'incomplete' ? { reason: outcome.reason } : null,
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    max_tool_calls: body['max_tool_calls'] ?? null,
    model: response.model,
    output: ran ? response.output : [],
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    presence_penalty: 0,
    previous_response_id: response.previousId === null ? null : (body['previous_response_id'] ?? null),
    prompt_cache_key: body['prompt_cache_key'] ?? null,
    prompt_cache_retention: body['prompt_cache_retention'] ?? null,
    reasoning: echoedReasoning(body['reasoning']),
    safety_identifier: body['safety_identifier'] ?? null,
    service_tier: tier(body['service_tier'], ran && status !== 'failed'),
    store: response.store,
    temperature: body['temperature'] ?? 1,
    text: echoedText(body['text']),
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: Array.isArray(body['tools']) ? body['tools'].map(echoedTool) : [],
    top_logprobs: body['top_logprobs'] ?? 0,
    top_p: body['top_p'] ?? 1,
    truncation: body['truncation'] ?? 'disabled',
    usage: usageOf(response, status),
    user: body['user'] ?? null,
    metadata: body['metadata'] ?? {},
  };
}

/** The object as an answer of its own: a finished response also says who pays, which stream events do not. */
export function answeredObject(response: StoredResponse, status: ResponseStatus): JsonObject {
  const { emptyOutput } = response.oddities;
  const empty = emptyOutput === 'retrieve' || emptyOutput === 'both';
  const object = { ...responseObject(response, status), ...(empty ? { output: [] } : {}) };
  return status === 'completed' || status === 'incomplete'
    ? { ...object, billing: { payer: 'developer' } }
    : object;
}
