import type { OutputItem } from '../../wire/items.ts';
import type { Target } from './target.ts';

/** A fault of one response. */
export type ResponseFault =
  /** A background response never leaves `queued`. */
  | ({ readonly fault: 'stuck-queued' } & Target)
  /** The response starts and never ends. */
  | ({ readonly fault: 'stuck-in-progress' } & Target)
  /** The response ends as `failed` with this code, with HTTP 200. @default 'server_error' */
  | ({
      readonly fault: 'fail';
      readonly code?: string;
      /** @default the API's message for the code */
      readonly message?: string;
      /** Adds "Please try again in …." to the message: `22s`, `1.5s`, `6m0s`, `280ms`. @default nothing is added */
      readonly tryAgainIn?: string;
      /**
       * true: fails before the model produces output. @default false: `output` keeps the items that the iteration
       * produces
       */
      readonly withoutOutput?: boolean;
    } & Target)
  /** The response fails; its stream has the `error` event in the form of the API reference. */
  | ({ readonly fault: 'error-event-flat' } & ErrorEvent)
  /** The response fails; its stream has the `error` event in the form that the API sends. */
  | ({ readonly fault: 'error-event-nested' } & ErrorEvent)
  /** The response completes with `output: []`. */
  | ({ readonly fault: 'empty-output' } & Target)
  /**
   * The stream completes its items, but the terminal event, every JSON answer, or both have `output: []`. Always.
   * @default 'both'
   */
  | ({ readonly fault: 'empty-terminal-output'; readonly in?: 'terminal' | 'retrieve' | 'both' } & Target)
  /**
   * The ids and call ids of items in the stream differ from those in the terminal snapshot and in GETs, as at vLLM.
   * Always.
   */
  | ({ readonly fault: 'other-ids-in-terminal' } & Target)
  /** The snapshot of the terminal event has no `status`, or this one. Always. */
  | ({ readonly fault: 'terminal-without-status'; readonly status?: string } & Target)
  /**
   * A gateway shows a second id of the response: in all events except the first, in the terminal event, or in every
   * GET. Only the first id can be polled and cancelled. Always. @default 'terminal'
   */
  | ({
      readonly fault: 'other-response-id';
      readonly in?: 'stream' | 'terminal' | 'retrieve';
      /** The ids that a create can chain to. @default 'both' */
      readonly chain?: 'both' | 'first' | 'other' | 'none';
    } & Target)
  /** All calls of the response have the same `call_id`; a single call is made twice. */
  | ({ readonly fault: 'same-call-id' } & Target)
  /**
   * In `output`, each function call is followed by its own output, as from a server that runs tools itself. @default
   * 'done'
   */
  | ({ readonly fault: 'call-with-output'; readonly output?: string } & Target)
  /**
   * The response shows `status` (a value that no client knows) instead of `in_progress`. Always. @default 'moderating'
   */
  | ({ readonly fault: 'unknown-status'; readonly status?: string } & Target)
  /**
   * The output has an additional item of a type that no client knows, before the iteration's `items`. @default { type:
   * 'hologram_call', … }
   */
  | ({ readonly fault: 'unknown-item'; readonly item?: OutputItem } & Target)
  /** The stream contains numbered events of a type that no client knows. Always. @default 'keepalive' */
  | ({ readonly fault: 'unknown-event'; readonly type?: string } & Target)
  /** The terminal event is named `response.done`. Always. */
  | ({ readonly fault: 'done-event' } & Target)
  /** If the client closes the create's stream within `ms`, the job stays `queued` permanently. @default 2000 */
  | ({ readonly fault: 'disconnect-leaves-queued'; readonly ms?: number } & Target)
  /** GET, cancel and delete get 404 for `ms` after the create. Always. @default 2000 */
  | ({ readonly fault: 'get-404-for'; readonly ms?: number } & Target);

interface ErrorEvent extends Target {
  /** @default 'server_error' */
  readonly code?: string;
  readonly message?: string;
  /**
   * `eof`: the stream ends after the `error` event, and only a GET shows how the response ended. @default
   * 'response.failed'
   */
  readonly ending?: 'response.failed' | 'eof';
}
