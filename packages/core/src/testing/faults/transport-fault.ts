import type { JsonObject } from '../../wire/json.ts';
import type { Target } from './target.ts';

/** The kinds of requests that a transport fault may affect. `retrieve` is both `poll` (JSON) and `stream`. */
export type Occasion = 'create' | 'retrieve' | 'poll' | 'stream' | 'cancel' | 'delete' | 'any';

interface OnRequest extends Target {
  /** @default 'create' */
  readonly on?: Occasion;
}

/** A request that fails or takes long, or whose answer does not arrive intact. */
export type TransportFault =
  /** The connection is refused. The request does not reach the server, and `fetch` rejects. */
  | ({ readonly fault: 'refused' } & OnRequest)
  /**
   * The connection breaks before the answer, and `fetch` rejects. The API has served the request, unless `served` is
   * false.
   */
  | ({
      readonly fault: 'reset';
      /** The client cannot distinguish the two values. @default true */
      readonly served?: boolean;
    } & OnRequest)
  /**
   * The client's platform waits at most `ms` for the answer's headers, then `fetch` rejects. Always. @default 300_000,
   * as in Node
   */
  | ({ readonly fault: 'headers-timeout'; readonly ms?: number } & OnRequest)
  /** An HTTP error in OpenAI's envelope, in place of the API's answer. */
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
      /** false: the answer is a proxy's HTML page instead of the envelope. @default true */
      readonly envelope?: boolean;
      /** true: the API serves the request anyway, as when a proxy times out. @default false */
      readonly served?: boolean;
    } & OnRequest)
  /** A captive portal, a load balancer or a gateway answers in place of the API. */
  | ({
      readonly fault: 'foreign-answer';
      readonly status: number;
      /** A string is sent verbatim, an object as JSON. @default an HTML page with the status as its title */
      readonly body?: string | JsonObject;
      /** @default 'application/json' for an object, else 'text/html' */
      readonly contentType?: string;
      /** true: the API serves the request anyway. @default false */
      readonly served?: boolean;
    } & OnRequest)
  /** A successful JSON answer ends in the middle of its body. */
  | ({ readonly fault: 'cut-body' } & OnRequest)
  /** The body of a successful JSON answer is replaced by an empty one. */
  | ({ readonly fault: 'empty-body' } & OnRequest)
  /** The body of a successful JSON answer is replaced by text that is not JSON. */
  | ({ readonly fault: 'malformed-body' } & OnRequest)
  /** The answer arrives `ms` late; the API serves the request immediately. @default on 'create', 5000 ms */
  | ({ readonly fault: 'slow'; readonly ms?: number } & OnRequest)
  /** The answer to each poll arrives `ms` late. Always. @default 5000 */
  | ({ readonly fault: 'slow-poll'; readonly ms?: number } & Target);
