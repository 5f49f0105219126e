import type { Target } from './target.ts';

/** One stream connection misbehaves; the response and its event log do not. Counted per connection. */
export type StreamFault =
  /** The connection breaks after the first event whose number is `n` or more. @default 3 */
  | ({ readonly fault: 'drop-after-event'; readonly n?: number } & Target)
  /** The stream ends cleanly without a terminal event: after event `n`, or just before the terminal one. */
  | ({ readonly fault: 'eof-without-terminal'; readonly n?: number } & Target)
  /** Silence for ever after event `n`. @default 3 */
  | ({ readonly fault: 'stall'; readonly n?: number } & Target)
  /** Events `n` to `n + size - 1` are left out, or those of these `types`; the others keep their numbers. @default n 4, size 1 */
  | ({
      readonly fault: 'gap';
      readonly n?: number;
      readonly size?: number;
      readonly types?: readonly string[];
    } & Target)
  /**
   * A proxy holds the stream back until it is over, as nginx does by default: the headers too, or the body alone.
   * Always. @default 'headers'
   */
  | ({ readonly fault: 'buffer-stream'; readonly hold?: 'headers' | 'body' } & Target)
  /** The stream's `content-type`; null: none. Always. @default 'text/plain' */
  | ({ readonly fault: 'content-type'; readonly type?: string | null } & Target)
  /** Events have their type in the `event:` line alone, not in the data. Always. */
  | ({ readonly fault: 'untyped-events' } & Target)
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
