import type { Clock } from '../../clock/clock.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Principal } from '../principal.ts';
import type { ProxyStorage } from '../limits/proxy-storage.ts';
import type { ReferenceKind } from '../request/reference.ts';

/** What a hosted tool is here: its parameters, or a function that gives them for a principal (undefined: not for them). */
export type HostedToolParameters<P> =
  | JsonObject
  | ((principal: P) => JsonObject | undefined | Promise<JsonObject | undefined>);

/** What clients may ask for. Everything that is not named here is refused with a 400 that says so. */
export interface ProxyAllow<P> {
  /** The models clients may name, exactly as they name them. */
  readonly models: readonly string[];
  /**
   * OpenAI's hosted tools. The client names one (`{ type: 'web_search' }`, or `{ type: 'mcp', server_label: 'docs' }`)
   * and may send nothing else with it; its parameters stand here and are never shown to the client.
   * A list of names is short for tools without parameters; MCP servers are named `mcp:<server_label>`. Default: none.
   *
   * @example
   * hostedTools: {
   *   web_search: { search_context_size: 'low' },
   *   file_search: (user) => ({ vector_store_ids: [user.vectorStoreId] }),
   *   'mcp:docs': { server_url: 'https://mcp.example.com', require_approval: 'never' },
   * }
   */
  readonly hostedTools?: readonly string[] | Readonly<Record<string, HostedToolParameters<P>>>;
  /** Values of `include`. Default: `reasoning.encrypted_content`, `message.output_text.logprobs`, `message.input_image.image_url`, `web_search_call.results`, `web_search_call.action.sources`. */
  readonly include?: readonly string[];
  /** Further types of input items, beyond messages, function and custom calls, reasoning, compaction and the calls of allowed hosted tools. */
  readonly inputItems?: readonly string[];
  /** Further fields of a create, passed as they come unless they refer to something (see `authorizeReference`). `service_tier`, for one. */
  readonly fields?: readonly string[];
  /** The largest body of a create, in bytes. Larger ones are answered 413. Default: 4 MiB. */
  readonly maxBodyBytes?: number;
  /** `max_output_tokens` is lowered to this, and set to it where the client sends none. Default: the model's own limit. */
  readonly maxOutputTokens?: number;
  /** `max_tool_calls` (hosted tools) is lowered to this, and set to it where the client sends none. Default: none. */
  readonly maxToolCalls?: number;
}

/** Caps, each for one principal. */
export interface ProxyLimits {
  /** Requests of all kinds within a minute; more are answered 429 with `Retry-After`. Default: 300. */
  readonly requestsPerMinute?: number;
  /** Responses that run at once; a further create is answered 429. Default: 16. */
  readonly concurrentResponses?: number;
  /** After this a background response whose end was not seen no longer counts as running. Default: 1 hour. */
  readonly concurrentMs?: number;
  /** For a request's body to arrive in full; later it is answered 408. Default: 10 s. */
  readonly bodyTimeoutMs?: number;
  /** For the API to answer a retrieve or a cancel (a stream: to begin). Default: 60 s. */
  readonly upstreamTimeoutMs?: number;
  /**
   * For the API to answer a background create: with its response, or with the event that names it. Its job may be
   * running, so a client waits as long. Default: 30 minutes.
   */
  readonly createTimeoutMs?: number;
  /** The same for a create without `background`, which answers when the model is done. Default: 30 minutes. */
  readonly foregroundTimeoutMs?: number;
  /** How long the name of a response, or of its items, is good for. Default: 30 days, as long as OpenAI stores responses. */
  readonly responseIdMs?: number;
  /** How long the first answer to an `Idempotency-Key` is kept; `concurrentMs` at least. Default: 24 hours. */
  readonly idempotencyMs?: number;
}

/** Pages of other origins that may call the proxy. */
export interface ProxyCors {
  /** Origins, exactly as browsers send them (`https://app.example.com`), or a test of one. */
  readonly origins: readonly string[] | ((origin: string) => boolean);
  /** Whether browsers send cookies along. Default: false. */
  readonly credentials?: boolean;
  /** Request headers allowed beyond `authorization`, `content-type` and `idempotency-key`. */
  readonly headers?: readonly string[];
  /** Seconds for which browsers remember a preflight. Default: 600. */
  readonly maxAgeSeconds?: number;
}

export interface ProxyOptions<P extends Principal = Principal> {
  /** The key that pays, or a function that gives a fresh one for each request. Never leaves the server. */
  readonly apiKey: string | (() => string | Promise<string>);
  /** Signs ids of responses and items; at least 32 characters. Of a list the first signs and all verify: put a new one in front to rotate. */
  readonly secret: string | readonly string[];
  /** Where the API is. Default: `https://api.openai.com/v1`. */
  readonly baseURL?: string;
  /** Headers for every request to the API: `OpenAI-Project`, Azure's `api-key`, … */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Who asks, or a Response that refuses them. Sees method, URL and headers; the body is the proxy's.
   * What it returns is bound to every id of a response or an item; nothing (undefined, an empty id) is answered 401.
   *
   * @example
   * authorize: async (request) => (await sessionOf(request))?.userId ?? new Response(null, { status: 401 })
   */
  readonly authorize: (request: Request) => P | Response | Promise<P | Response>;
  readonly allow: ProxyAllow<P>;
  readonly limits?: ProxyLimits;
  /** Default: `memoryStorage()`, right for one process. */
  readonly storage?: ProxyStorage;
  /**
   * Whether this principal may use what resolves under your key: a file, a stored item, a conversation, …, or a
   * URL that OpenAI fetches. Without it all of them are refused. Not asked for items that are called by the names which
   * the proxy gave this principal.
   *
   * @example
   * authorizeReference: (user, kind, id) => kind === 'file' && files.belongsTo(id, user.id)
   */
  readonly authorizeReference?: (principal: P, kind: ReferenceKind, id: string) => boolean | Promise<boolean>;
  /**
   * Fields that the server sets on each create, over what the client sent.
   *
   * @example
   * overrides: (user) => ({ store: true, safety_identifier: user.pseudonym })
   */
  readonly overrides?: JsonObject | ((principal: P) => JsonObject | Promise<JsonObject>);
  /** Default: none, only pages of the proxy's own origin may call it. Programs that are no browsers send no origin and pass. */
  readonly cors?: ProxyCors;
  /** Told what the client must not see: refused keys, failures of the API or of your own functions. Never gets the key. */
  readonly onError?: (error: unknown, request: Request) => void;
  /** Default: the platform's. `emulator.fetch` fits. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  readonly clock?: Clock;
}
