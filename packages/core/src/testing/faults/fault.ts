import type { OutputItem } from '../../wire/items.ts';

/** Which occasions a fault strikes. */
interface Target {
  /** Only this leg of a conversation, counted from 0. @default every leg */
  readonly leg?: number;
  /** How often it strikes before it is spent; Infinity: always. @default 1, or always where the docs of the fault say so */
  readonly times?: number;
  /** Occasions that it lets pass first: `skip: 2` on a poll strikes the third one. @default 0 */
  readonly skip?: number;
}

/** Requests that a transport fault may hit. `retrieve` is both `poll` (JSON) and `stream`. */
export type Occasion = 'create' | 'retrieve' | 'poll' | 'stream' | 'cancel' | 'any';

interface OnRequest extends Target {
  /** @default 'create' */
  readonly on?: Occasion;
}

/** The request does not do what it should, or its answer does not arrive. */
export type TransportFault =
  /** The connection cannot be made: nothing reached the server, `fetch` rejects. */
  | ({ readonly fault: 'refused' } & OnRequest)
  /** The request was served, the job made, but the connection broke before the answer: `fetch` rejects. */
  | ({ readonly fault: 'reset' } & OnRequest)
  /** An HTTP error in OpenAI's envelope, before anything was done. */
  | ({
      readonly fault: 'http';
      /** @default 500 */
      readonly status?: number;
      /** @default the API's code for the status: `rate_limit_exceeded`, `server_error`, … */
      readonly code?: string | null;
      readonly message?: string;
      readonly type?: string;
      readonly param?: string;
      /** The `retry-after` header, in seconds. */
      readonly retryAfter?: number;
      /** The `retry-after-ms` header, in milliseconds. */
      readonly retryAfterMs?: number;
      /** false: a proxy's HTML page in place of the envelope. @default true */
      readonly envelope?: boolean;
      /** true: what was asked for is done all the same, as when a proxy gives up waiting. @default false */
      readonly served?: boolean;
    } & OnRequest)
  /** The answer ends in the middle of its body. */
  | ({ readonly fault: 'cut-body' } & OnRequest)
  /** Status 200 with an empty body. */
  | ({ readonly fault: 'empty-body' } & OnRequest)
  /** Status 200 with a body that is no JSON. */
  | ({ readonly fault: 'malformed-body' } & OnRequest)
  /** The answer takes `ms` (the work is done at once). @default on 'create', 5000 ms */
  | ({ readonly fault: 'slow'; readonly ms?: number } & OnRequest)
  /** Each poll takes `ms`. Always. @default 5000 */
  | ({ readonly fault: 'slow-poll'; readonly ms?: number } & Target);

/** The server treats a create oddly. */
export type CreateFault =
  /** HTTP 202 instead of 200. Always. */
  | ({ readonly fault: '202-create' } & Target)
  /** `background: true` is ignored: the create blocks until the response is done, and echoes `background: false`. Always. */
  | ({ readonly fault: 'ignore-background' } & Target)
  /** A foreground create returns at once with `in_progress`; the response can be polled. */
  | ({ readonly fault: 'in-progress-foreground' } & Target)
  /** `store: false` is echoed, and meant, whatever was asked for. Always. */
  | ({ readonly fault: 'store-false-echo' } & Target)
  /** The model has no reasoning: `include: ["reasoning.encrypted_content"]` gets 400. Always. */
  | ({ readonly fault: 'no-reasoning-include' } & Target)
  /** Azure: chained to a background response, outputs get 400 "No tool call found", although GET shows the call. Always. */
  | ({ readonly fault: 'azure-loses-calls' } & Target)
  /** For `ms` after its end a response cannot be chained to. Always. @default 2000 */
  | ({ readonly fault: 'previous-response-not-found-for'; readonly ms?: number } & Target);

/** The response goes another way than its leg says. */
export type ResponseFault =
  /** Never leaves `queued`. */
  | ({ readonly fault: 'stuck-queued' } & Target)
  /** Begins, and never ends. */
  | ({ readonly fault: 'stuck-in-progress' } & Target)
  /** Ends as `failed` with this code, over HTTP 200. @default 'server_error' */
  | ({ readonly fault: 'fail'; readonly code?: string; readonly message?: string } & Target)
  /** Fails; its stream carries the `error` event in the form that the API reference documents. */
  | ({ readonly fault: 'error-event-flat' } & ErrorEvent)
  /** Fails; its stream carries the `error` event in the form that is seen on the wire. */
  | ({ readonly fault: 'error-event-nested' } & ErrorEvent)
  /** Completes with `output: []`. */
  | ({ readonly fault: 'empty-output' } & Target)
  /** Reads as `status` (a value nobody knows) instead of `in_progress`. Always. @default 'moderating' */
  | ({ readonly fault: 'unknown-status'; readonly status?: string } & Target)
  /** The output begins with an item of a type nobody knows. @default { type: 'hologram_call', … } */
  | ({ readonly fault: 'unknown-item'; readonly item?: OutputItem } & Target)
  /** The stream carries numbered events of a type nobody knows. Always. @default 'keepalive' */
  | ({ readonly fault: 'unknown-event'; readonly type?: string } & Target)
  /** The last event is called `response.done`. Always. */
  | ({ readonly fault: 'done-event' } & Target)
  /** Whoever closes the create's stream within `ms` leaves the job `queued` for ever. @default 2000 */
  | ({ readonly fault: 'disconnect-leaves-queued'; readonly ms?: number } & Target)
  /** GET answers 404 for `ms` after the create. Always. @default 2000 */
  | ({ readonly fault: 'get-404-for'; readonly ms?: number } & Target);

interface ErrorEvent extends Target {
  /** @default 'server_error' */
  readonly code?: string;
  readonly message?: string;
  /** `eof`: the stream ends after the `error` event, and only a GET tells how the response ended. @default 'response.failed' */
  readonly ending?: 'response.failed' | 'eof';
}

export type CancelFault =
  /** Cancel answers `cancelled`, but the response completes all the same. */
  | ({ readonly fault: 'cancel-loses-race' } & Target)
  /** Cancel of a terminal response answers 400 instead of the response. Always. @default status 400 */
  | ({ readonly fault: 'cancel-terminal-400'; readonly status?: number } & Target)
  /** Cancel answers without usage; a later GET has it. Always. */
  | ({ readonly fault: 'cancel-without-usage' } & Target);

/** One stream connection misbehaves; the response and its event log do not. Counted per connection. */
export type StreamFault =
  /** The connection breaks after the first event whose number is `n` or more. @default 3 */
  | ({ readonly fault: 'drop-after-event'; readonly n?: number } & Target)
  /** The stream ends cleanly without a terminal event: after event `n`, or just before the terminal one. */
  | ({ readonly fault: 'eof-without-terminal'; readonly n?: number } & Target)
  /** Silence for ever after event `n`. @default 3 */
  | ({ readonly fault: 'stall'; readonly n?: number } & Target)
  /** Events `n` to `n + size - 1` are left out. @default n 4, size 1 */
  | ({ readonly fault: 'gap'; readonly n?: number; readonly size?: number } & Target)
  /** A resume sends `n` events again that lie before its cursor. Always. @default 3 */
  | ({ readonly fault: 'duplicate-events-on-resume'; readonly n?: number } & Target)
  /** Streaming an existing response is refused as more than five minutes old. Always. */
  | ({ readonly fault: 'stream-expired' } & Target)
  /** The body comes in pieces of `bytes`, which cut through characters and lines. Always. @default 7 */
  | ({ readonly fault: 'split-chunks'; readonly bytes?: number } & Target)
  /** The blank line after the last event is missing. Always. */
  | ({ readonly fault: 'missing-last-blank-line' } & Target)
  /** A comment line before each event. Always. */
  | ({ readonly fault: 'keepalive-comments' } & Target)
  /** `data: [DONE]` at the end. Always. */
  | ({ readonly fault: 'done-sentinel' } & Target)
  /** Lines end in CR LF. Always. */
  | ({ readonly fault: 'crlf' } & Target)
  /** Events carry no `sequence_number`. Always. */
  | ({ readonly fault: 'unsequenced-events' } & Target)
  /** Item ids change from event to event, as GitHub Copilot's do. Always. */
  | ({ readonly fault: 'rotating-item-ids' } & Target);

/** Webhooks, where the emulator sends them. */
export type WebhookFault =
  /** The webhook never comes. */
  | ({ readonly fault: 'lost-webhook' } & Target)
  /** The webhook comes twice, under one `webhook-id`. */
  | ({ readonly fault: 'duplicate-webhook' } & Target);

/**
 * A trouble that real servers and networks have made, by name.
 *
 * @example
 * createEmulator({ script, faults: [{ fault: 'drop-after-event', n: 5 }, { fault: 'http', on: 'poll', status: 503, times: 2 }] })
 */
export type Fault = TransportFault | CreateFault | ResponseFault | CancelFault | StreamFault | WebhookFault;

export type FaultName = Fault['fault'];

export type FaultNamed<Name extends FaultName> = Extract<Fault, { readonly fault: Name }>;
