import type { JsonObject, JsonValue } from '../../wire/json.ts';
import type { ResponseStatus } from '../../wire/response.ts';
import { echoedReasoning, echoedText, echoedTool, echoedWhereGiven } from './echoed.ts';
import { traitsOf } from './model-traits.ts';
import { moderationOf } from './moderation.ts';
import type { StoredResponse } from './stored-response.ts';
import { toolUsageOf } from './tool-usage.ts';

function seconds(at: number): number {
  return Math.floor(at / 1000);
}

/** The tier that served the response if it is completed or incomplete, else the requested tier. */
function tier({ body, serviceTier }: StoredResponse, ran: boolean): JsonValue {
  const asked = body['service_tier'] ?? 'auto';
  if (!ran) return asked;
  return serviceTier ?? (asked === 'auto' ? 'default' : asked);
}

function errorOf({ outcome }: StoredResponse): JsonObject | null {
  if (outcome.status !== 'failed') return null;
  const { code, message, misalignment } = outcome;
  return { code, message, ...(misalignment === undefined ? {} : { misalignment }) };
}

function usageOf(response: StoredResponse, status: ResponseStatus): JsonObject | null {
  if (status === 'completed' || status === 'incomplete') return response.usage;
  return status === 'cancelled' && response.cancelled?.usageShown === true ? response.usage : null;
}

/**
 * The Response object of a response that has this status. While the response runs, `output` is empty, because only
 * streams show progress.
 */
export function responseObject(response: StoredResponse, status: ResponseStatus): JsonObject {
  const { body, outcome } = response;
  const traits = traitsOf(response.model);
  const ran = status === 'completed' || status === 'incomplete' || status === 'failed';
  return {
    id: response.id,
    object: 'response',
    created_at: seconds(response.createdAt),
    access_programs: body['access_programs'] ?? null,
    status: status === 'in_progress' ? (response.oddities.unknownStatus ?? status) : status,
    background: response.background,
    completed_at: status === 'completed' && response.endsAt !== null ? seconds(response.endsAt) : null,
    error: status === 'failed' ? errorOf(response) : null,
    frequency_penalty: 0,
    incomplete_details:
      status === 'incomplete' && outcome.status === 'incomplete' ? { reason: outcome.reason } : null,
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    max_tool_calls: body['max_tool_calls'] ?? null,
    model: response.model,
    moderation: moderationOf(body['moderation'], ran),
    output: ran ? response.output : [],
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    presence_penalty: 0,
    previous_response_id: response.previousId === null ? null : (body['previous_response_id'] ?? null),
    prompt_cache_key: body['prompt_cache_key'] ?? null,
    prompt_cache_retention: body['prompt_cache_retention'] ?? traits.cacheRetention,
    reasoning: echoedReasoning(body['reasoning'], traits),
    safety_identifier: body['safety_identifier'] ?? null,
    service_tier: tier(response, ran && status !== 'failed'),
    store: response.store,
    temperature: body['temperature'] ?? 1,
    text: echoedText(body['text']),
    tool_choice: body['tool_choice'] ?? 'auto',
    tool_usage: toolUsageOf(ran ? response.output : []),
    tools: Array.isArray(body['tools']) ? body['tools'].map(echoedTool) : [],
    top_logprobs: body['top_logprobs'] ?? 0,
    top_p: body['top_p'] ?? 1,
    truncation: body['truncation'] ?? 'disabled',
    usage: usageOf(response, status),
    user: body['user'] ?? null,
    metadata: body['metadata'] ?? {},
    ...echoedWhereGiven(body),
  };
}

/**
 * The Response object as a JSON answer contains it. For a completed or incomplete response, it also has `billing`,
 * which stream events do not have.
 */
export function answeredObject(response: StoredResponse, status: ResponseStatus): JsonObject {
  const { emptyOutput } = response.oddities;
  const empty = emptyOutput === 'retrieve' || emptyOutput === 'both';
  const object = { ...responseObject(response, status), ...(empty ? { output: [] } : {}) };
  return status === 'completed' || status === 'incomplete'
    ? { ...object, billing: { payer: 'developer' } }
    : object;
}
