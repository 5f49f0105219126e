import type { OutputItem } from '../../wire/items.ts';
import type { Target } from './target.ts';

/** The response goes another way than its iteration says. */
export type ResponseFault =
  /** Never leaves `queued`. */
  | ({ readonly fault: 'stuck-queued' } & Target)
  /** Begins, and never ends. */
  | ({ readonly fault: 'stuck-in-progress' } & Target)
  /** Ends as `failed` with this code, over HTTP 200. @default 'server_error' */
  | ({
      readonly fault: 'fail';
      readonly code?: string;
      /** @default the API's words for the code */
      readonly message?: string;
      /** Adds "Please try again in …." to the message: `22s`, `1.5s`, `6m0s`, `280ms`. @default nothing is added */
      readonly tryAgainIn?: string;
      /**
       * true: fails before the model produces anything. @default false: what the iteration produces stays in `output`
       */
      readonly withoutOutput?: boolean;
    } & Target)
  /** Fails; its stream carries the `error` event in the form that the API reference documents. */
  | ({ readonly fault: 'error-event-flat' } & ErrorEvent)
  /** Fails; its stream carries the `error` event in the form that is seen on the wire. */
  | ({ readonly fault: 'error-event-nested' } & ErrorEvent)
  /** Completes with `output: []`. */
  | ({ readonly fault: 'empty-output' } & Target)
  /**
   * Items are streamed and done, but the terminal event, every JSON answer, or both have `output: []`. Always. @default
   * 'both'
   */
  | ({ readonly fault: 'empty-terminal-output'; readonly in?: 'terminal' | 'retrieve' | 'both' } & Target)
  /** Items have other ids and call ids in the stream than in the terminal snapshot and in GETs, as at vLLM. Always. */
  | ({ readonly fault: 'other-ids-in-terminal' } & Target)
  /** The snapshot of the terminal event has no `status`, or this one. Always. */
  | ({ readonly fault: 'terminal-without-status'; readonly status?: string } & Target)
  /**
   * A gateway gives the response a second id: in all events but the first, in the terminal event, or in every GET.
   * Only the first id can be polled and cancelled. Always. @default 'terminal'
   */
  | ({
      readonly fault: 'other-response-id';
      readonly in?: 'stream' | 'terminal' | 'retrieve';
      /** Which of the ids can be chained to. @default 'both' */
      readonly chain?: 'both' | 'first' | 'other' | 'none';
    } & Target)
  /** All calls of the response have one `call_id`; a single call is made twice. */
  | ({ readonly fault: 'same-call-id' } & Target)
  /**
   * Each function call is followed by its own output, in `output`, as a server does that runs tools itself. @default
   * 'done'
   */
  | ({ readonly fault: 'call-with-output'; readonly output?: string } & Target)
  /** Reads as `status` (a value that no client knows) instead of `in_progress`. Always. @default 'moderating' */
  | ({ readonly fault: 'unknown-status'; readonly status?: string } & Target)
  /** The output begins with an item of a type that no client knows. @default { type: 'hologram_call', … } */
  | ({ readonly fault: 'unknown-item'; readonly item?: OutputItem } & Target)
  /** The stream carries numbered events of a type that no client knows. Always. @default 'keepalive' */
  | ({ readonly fault: 'unknown-event'; readonly type?: string } & Target)
  /** The last event is called `response.done`. Always. */
  | ({ readonly fault: 'done-event' } & Target)
  /** A client that closes the create's stream within `ms` leaves the job `queued` for ever. @default 2000 */
  | ({ readonly fault: 'disconnect-leaves-queued'; readonly ms?: number } & Target)
  /** GET answers 404 for `ms` after the create. Always. @default 2000 */
  | ({ readonly fault: 'get-404-for'; readonly ms?: number } & Target);

interface ErrorEvent extends Target {
  /** @default 'server_error' */
  readonly code?: string;
  readonly message?: string;
  /**
   * `eof`: the stream ends after the `error` event, and only a GET tells how the response ended. @default
   * 'response.failed'
   */
  readonly ending?: 'response.failed' | 'eof';
}
