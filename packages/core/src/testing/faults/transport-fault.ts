import type { JsonObject } from '../../wire/json.ts';
import type { Target } from './target.ts';

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
  /** The connection breaks before the answer, `fetch` rejects: after the request was served, or before it arrived. */
  | ({
      readonly fault: 'reset';
      /** false: the request is lost on its way, and nothing is done. The client cannot tell. @default true */
      readonly served?: boolean;
    } & OnRequest)
  /** The client's platform waits `ms` for the answer's headers, then `fetch` rejects. Always. @default 300_000, as Node's */
  | ({ readonly fault: 'headers-timeout'; readonly ms?: number } & OnRequest)
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
  /** Something between the client and the API answers in its place: a captive portal, a load balancer, a gateway. */
  | ({
      readonly fault: 'foreign-answer';
      readonly status: number;
      /** A text is sent as it is, an object as JSON. @default an HTML page with the status as its title */
      readonly body?: string | JsonObject;
      /** @default 'application/json' for an object, else 'text/html' */
      readonly contentType?: string;
      /** true: the API got the request, and did what was asked for. @default false */
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
