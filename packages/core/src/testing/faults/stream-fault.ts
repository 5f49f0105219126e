import type { Target } from './target.ts';

/**
 * A fault of one stream connection. The response and its event log are not affected. Each connection is one occasion
 * (`times`, `skip`).
 */
export type StreamFault =
  /** The connection breaks after the first event whose number is `n` or more. @default 3 */
  | ({ readonly fault: 'drop-after-event'; readonly n?: number } & Target)
  /** The stream ends cleanly after event `n`. @default just before the terminal event */
  | ({ readonly fault: 'eof-without-terminal'; readonly n?: number } & Target)
  /** The stream stays open and sends nothing after event `n`. @default 3 */
  | ({ readonly fault: 'stall'; readonly n?: number } & Target)
  /**
   * Events `n` to `n + size - 1` are left out, or all events of these `types`; the others keep their numbers. @default
   * n 4, size 1
   */
  | ({
      readonly fault: 'gap';
      readonly n?: number;
      readonly size?: number;
      readonly types?: readonly string[];
    } & Target)
  /**
   * A proxy buffers the stream until it has ended, as nginx does by default: the headers too, or only the body. Always.
   * @default 'headers'
   */
  | ({ readonly fault: 'buffer-stream'; readonly hold?: 'headers' | 'body' } & Target)
  /** The stream has this `content-type`, or none if null. Always. @default 'text/plain' */
  | ({ readonly fault: 'content-type'; readonly type?: string | null } & Target)
  /** Events have their type only in the `event:` line, not in the data. Always. */
  | ({ readonly fault: 'untyped-events' } & Target)
  /** A reconnect sends the last `n` events up to its cursor again. Always. @default 3 */
  | ({ readonly fault: 'duplicate-events-on-resume'; readonly n?: number } & Target)
  /** Streaming an existing response is refused, as if it were more than five minutes old. Always. */
  | ({ readonly fault: 'stream-expired' } & Target)
  /** The body is sent in chunks of `bytes`, which split characters and lines. Always. @default 7 */
  | ({ readonly fault: 'split-chunks'; readonly bytes?: number } & Target)
  /** The blank line after the last event is missing. Always. */
  | ({ readonly fault: 'missing-last-blank-line' } & Target)
  /** A comment line precedes each event. Always. */
  | ({ readonly fault: 'keepalive-comments' } & Target)
  /** The stream ends with `data: [DONE]`. Always. */
  | ({ readonly fault: 'done-sentinel' } & Target)
  /** Lines end in CR LF. Always. */
  | ({ readonly fault: 'crlf' } & Target)
  /** Events carry no `sequence_number`. Always. */
  | ({ readonly fault: 'unsequenced-events' } & Target)
  /** Item ids change from event to event, as GitHub Copilot's do. Always. */
  | ({ readonly fault: 'rotating-item-ids' } & Target);
