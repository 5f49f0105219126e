import type { Clock } from '../../clock/clock.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Principal } from '../principal.ts';
import type { ProxyStorage } from '../limits/proxy-storage.ts';
import type { ReferenceKind } from '../request/reference.ts';

/**
 * The parameters of a hosted tool, or a function that returns them for a principal (undefined: the principal may not
 * use the tool).
 */
export type HostedToolParameters<P> =
  | JsonObject
  | ((principal: P) => JsonObject | undefined | Promise<JsonObject | undefined>);

/**
 * The models, tools, items and fields that clients may use, in addition to the usual fields of a create. The proxy
 * refuses all others with a 400 that names the field.
 */
export interface ProxyAllow<P> {
  /** The models that clients may use, exactly as they name them. */
  readonly models: readonly string[];
  /**
   * OpenAI's hosted tools. The client names one (`{ type: 'web_search' }`, or `{ type: 'mcp', server_label: 'docs' }`)
   * and may send nothing else with it. The proxy adds the parameters that are configured here, and never sends them to
   * the client. For tools without parameters, a list of names is enough. MCP servers are named `mcp:<server_label>`.
   * Default: none.
   *
   * @example
   * hostedTools: {
   *   web_search: { search_context_size: 'low' },
   *   file_search: (user) => ({ vector_store_ids: [user.vectorStoreId] }),
   *   'mcp:docs': { server_url: 'https://mcp.example.com', require_approval: 'never' },
   * }
   */
  readonly hostedTools?: readonly string[] | Readonly<Record<string, HostedToolParameters<P>>>;
  /**
   * Values of `include` that clients may send. Default: `reasoning.encrypted_content`, `message.output_text.logprobs`,
   * `message.input_image.image_url`, `web_search_call.results`, `web_search_call.action.sources`.
   */
  readonly include?: readonly string[];
  /**
   * Additional types of input items. Messages, function and custom calls with their outputs, reasoning, compaction and
   * the items of allowed hosted tools are always allowed.
   */
  readonly inputItems?: readonly string[];
  /**
   * Additional fields of a create, such as `service_tier`. They are sent unchanged. If a field refers to something,
   * `authorizeReference` must allow the reference.
   */
  readonly fields?: readonly string[];
  /** The largest body of a create, in bytes. The proxy answers larger ones with 413. Default: 4 MiB. */
  readonly maxBodyBytes?: number;
  /**
   * Maximum of `max_output_tokens`. Larger values are lowered to it, and missing ones set to it. Default: the model's
   * own limit.
   */
  readonly maxOutputTokens?: number;
  /**
   * Maximum of `max_tool_calls` (hosted tools). Larger values are lowered to it, and missing ones set to it. Default:
   * none.
   */
  readonly maxToolCalls?: number;
}

/** Limits for each principal, and time limits. */
export interface ProxyLimits {
  /**
   * Requests of all kinds within a minute. The proxy answers additional requests with 429 and `Retry-After`. Default:
   * 300.
   */
  readonly requestsPerMinute?: number;
  /** Concurrent responses. The proxy answers additional creates with 429. Default: 16. */
  readonly concurrentResponses?: number;
  /**
   * After this time, a background response no longer counts as running, even if the proxy has not seen its end.
   * Default: 1 hour.
   */
  readonly concurrentMs?: number;
  /** Time for a request's body to arrive completely. After it, the proxy answers 408. Default: 10 s. */
  readonly bodyTimeoutMs?: number;
  /** Time for the API to answer a retrieve or a cancel, or to begin the stream of a retrieve. Default: 60 s. */
  readonly upstreamTimeoutMs?: number;
  /**
   * Time for the API to answer a background create with its response, or with the event that has its id. The client
   * waits as long, because the job may already be running. Default: 30 minutes.
   */
  readonly createTimeoutMs?: number;
  /** Time for the API to answer a create without `background`, or to begin its stream. Default: 30 minutes. */
  readonly foregroundTimeoutMs?: number;
  /**
   * How long the signed ids of a response and its items are valid. Default: 30 days, as long as OpenAI stores
   * responses.
   */
  readonly responseIdMs?: number;
  /** How long the first answer to an `Idempotency-Key` is stored; at least `concurrentMs`. Default: 24 hours. */
  readonly idempotencyMs?: number;
}

/** Pages of other origins that may call the proxy. */
export interface ProxyCors {
  /**
   * Origins, exactly as browsers send them (`https://app.example.com`), or a function that accepts or rejects one. `*`
   * in a list allows all origins, and is refused with `credentials`.
   */
  readonly origins: readonly string[] | ((origin: string) => boolean);
  /** Whether browsers may send cookies. Default: false. */
  readonly credentials?: boolean;
  /** Additional allowed request headers. `authorization`, `content-type` and `idempotency-key` are always allowed. */
  readonly headers?: readonly string[];
  /** Seconds for which browsers cache a preflight. Default: 600. */
  readonly maxAgeSeconds?: number;
}

export interface ProxyOptions<P extends Principal = Principal> {
  /** The API key, or a function that returns one for each request. The proxy sends it only to the API. */
  readonly apiKey: string | (() => string | Promise<string>);
  /**
   * Signs the ids of responses and items; at least 32 characters. In a list, the first secret signs the ids of new
   * responses, and all secrets verify: to rotate, insert a new one at the beginning.
   */
  readonly secret: string | readonly string[];
  /** The address of the API. Default: `https://api.openai.com/v1`. */
  readonly baseURL?: string;
  /** Headers for every request to the API: `OpenAI-Project`, Azure's `api-key`, … */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Identifies the caller, or returns a Response that refuses the request. It can read method, URL and headers; only
   * the proxy reads the body. The proxy binds every id of a response or an item to the returned principal. If that is
   * undefined or has an empty id, the proxy answers with 401.
   *
   * @example
   * authorize: async (request) => (await sessionOf(request))?.userId ?? new Response(null, { status: 401 })
   */
  readonly authorize: (request: Request) => P | Response | Promise<P | Response>;
  readonly allow: ProxyAllow<P>;
  readonly limits?: ProxyLimits;
  /** Default: `memoryStorage()`, which is for one process. */
  readonly storage?: ProxyStorage;
  /**
   * Whether this principal may use something that the API resolves with your key (a file, a stored item, a
   * conversation, …), or a URL that OpenAI fetches. Without this function, the proxy refuses all of them. The proxy
   * does not call it for items with ids that the proxy signed for this principal.
   *
   * @example
   * authorizeReference: (user, kind, id) => kind === 'file' && files.belongsTo(id, user.id)
   */
  readonly authorizeReference?: (principal: P, kind: ReferenceKind, id: string) => boolean | Promise<boolean>;
  /**
   * Fields that the server sets on each create. They override the client's.
   *
   * @example
   * overrides: (user) => ({ store: true, safety_identifier: user.pseudonym })
   */
  readonly overrides?: JsonObject | ((principal: P) => JsonObject | Promise<JsonObject>);
  /**
   * Default: none. Then only pages of the proxy's own origin may call it. Programs other than browsers send no origin,
   * and are not restricted.
   */
  readonly cors?: ProxyCors;
  /**
   * Called with errors that the client must not receive: refused keys, and failures of the API or of your own
   * functions. The errors that the proxy itself creates do not contain the key. It may be async; its own errors are
   * ignored.
   */
  readonly onError?: (error: unknown, request: Request) => unknown;
  /** Default: the platform's `fetch`. For tests, pass `emulator.fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  readonly clock?: Clock;
}
