import type { OutputItem } from '../wire/items.ts';

/** An output item that a stream has completed. */
export interface DoneItem {
  readonly outputIndex: number;
  readonly item: OutputItem;
}

/** An output item that the stream started and did not complete. */
export interface OpenItem {
  readonly outputIndex: number;
  /** The call id or the id of the item, from the event that started it. Null if no such event named one. */
  readonly name: string | null;
  /** Whether text or arguments of the item were streamed. */
  readonly hasDelta: boolean;
  /** A message as the stream started it. Absent for other items, and if no event started the message. */
  readonly message?: OutputItem;
  /** The text of a message so far, by content part. */
  readonly texts?: readonly string[];
}

/** The data that a response's stream has delivered. It is in memory only, except for `gap`: see `savedState`. */
export interface Streamed {
  readonly doneItems: readonly DoneItem[];
  readonly openItems: readonly OpenItem[];
  /** Whether events are missing, because their numbers have a gap. */
  readonly gap: boolean;
  /** Whether an event of the stream has been read. A stream without a cursor restarts, and repeats all events. */
  readonly begun: boolean;
}
