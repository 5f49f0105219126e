/**
 * The meaning of an error code of the API.
 *
 * - `overload`: too many requests, or too much work at the server. The same request may succeed later.
 * - `transient`: a failure while the response ran. A new response to the same request may succeed.
 * - `quota`: the account's quota is used up. Waiting does not help.
 * - `final`: the same request fails again.
 */
export type ErrorClass = 'overload' | 'transient' | 'quota' | 'final';

/**
 * The codes of the API's schema (`ResponseError.code` of `openai` 7.59) and other codes of servers and gateways, by
 * class. If an error has no HTTP status, an unknown code is final, and the run's error contains it.
 */
const codes: Readonly<Record<ErrorClass, readonly string[]>> = {
  overload: [
    'rate_limit_exceeded',
    // OpenAI under load, as HTTP 503 and as `response.failed` (codex-lb 1313, symfony/ai 2372).
    'server_is_overloaded',
    'slow_down',
    // Other names of the same condition: older back ends, Azure, and gateways (codex-lb 601, pi 9669).
    'overloaded',
    'overloaded_error',
    'server_overloaded',
    'engine_overloaded',
    'engine_overloaded_error',
    'model_overloaded',
    'rate_limit_error',
    'rate_limit_reached',
    'rate_limited',
    'too_many_requests',
    'tokens_per_min_exceeded',
    'requests_per_min_exceeded',
    'capacity_exceeded',
    'no_capacity',
    'over_capacity',
    'resource_exhausted',
  ],
  transient: [
    'server_error',
    // A hosted tool's index did not answer in time. The next response repeats the search.
    'vector_store_timeout',
    // The server's own time-outs and failures, as gateways name them (pi 9669, codex-lb 1313).
    'timeout',
    'timeout_error',
    'request_timeout',
    'gateway_timeout',
    'upstream_timeout',
    'upstream_error',
    'bad_gateway',
    'service_unavailable',
    'service_unavailable_error',
    'temporarily_unavailable',
    'internal_error',
    'internal_server_error',
    'stream_error',
    'stream_incomplete',
    'processing_error',
    'connection_error',
    'api_connection_error',
    'try_again_later',
    'try_again',
  ],
  quota: [
    'insufficient_quota',
    'credit_balance_exhausted',
    'organization_spend_limit_exceeded',
    'project_spend_limit_exceeded',
    'organization_usage_limit_exceeded',
    // The names of the ChatGPT back end and of gateways for the same condition (TeXRA 3851, codex-lb 601).
    'usage_limit_reached',
    'usage_not_included',
    'billing_hard_limit_reached',
    'billing_not_active',
    'quota_exceeded',
    'insufficient_credits',
    'payment_required',
  ],
  final: [
    // The request is refused, and a retry would be refused too.
    'invalid_prompt',
    'data_residency_mismatch',
    'bio_policy',
    'cyber_policy',
    'cyber_policy_violation',
    'misalignment_policy_violation',
    'content_filter',
    'content_policy_violation',
    'context_length_exceeded',
    'model_not_found',
    'unsupported_parameter',
    'invalid_request_error',
    // The image cannot be read or downloaded, and a retry would send the same image.
    'invalid_image',
    'invalid_image_format',
    'invalid_base64_image',
    'invalid_image_url',
    'image_too_large',
    'image_too_small',
    'image_parse_error',
    'image_content_policy_violation',
    'invalid_image_mode',
    'image_file_too_large',
    'unsupported_image_media_type',
    'empty_image_file',
    'failed_to_download_image',
    'image_file_not_found',
  ],
};

const classes: ReadonlyMap<string, ErrorClass> = new Map(
  (['overload', 'transient', 'quota', 'final'] as const).flatMap((name) =>
    codes[name].map((code) => [code, name] as const),
  ),
);

/** The class of an HTTP status that a gateway sends as a code. */
function classOfStatus(status: number): ErrorClass | undefined {
  if (status === 429) return 'overload';
  if (status === 402) return 'quota';
  if (status === 408 || (status >= 500 && status < 600)) return 'transient';
  return status >= 400 && status < 500 ? 'final' : undefined;
}

/** The class of an error code. Undefined for an unknown code. */
export function classOfCode(code: string): ErrorClass | undefined {
  return /^\d{3}$/.test(code) ? classOfStatus(Number(code)) : classes.get(code.toLowerCase());
}

/** Whether the table has a code. Used to compare the table with the schema of the installed `openai` package. */
export function isKnownCode(code: string): boolean {
  return classes.has(code);
}
