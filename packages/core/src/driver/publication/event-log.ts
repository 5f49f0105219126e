import { mergeDeltas, type RunEvent, type RunEventBody } from '../../engine/view/run-event.ts';

/** The number of events that the log keeps for late listeners. */
const capacity = 10_000;
/** The maximum number of events in one epoch. Each resume begins an epoch, whose event numbers are higher. */
const eventsPerEpoch = 1_000_000_000;

/** The epoch in which an event was numbered. */
export function epochOf(seq: number): number {
  return Math.floor(seq / eventsPerEpoch);
}

interface Reader {
  after: number;
  left: boolean;
  wake: (() => void) | undefined;
}

/**
 * The events of a run in this process. The log is bounded. It merges consecutive deltas of one text that no reader has
 * read yet.
 */
export class EventLog {
  readonly #events: RunEvent[] = [];
  readonly #readers = new Set<Reader>();
  /** The index of the first event that the log holds. Earlier events are removed in chunks. */
  #start = 0;
  #dropped = 0;
  #lastSeq: number;
  #folded = 0;
  #given = 0;
  /** The number before the first event that this log may contain. */
  readonly #first: number;
  #ended = false;

  constructor(epoch: number) {
    this.#lastSeq = epoch * eventsPerEpoch;
    this.#first = this.#lastSeq;
    this.#folded = this.#lastSeq;
    this.#dropped = this.#lastSeq;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Continues above the numbers that earlier epochs have used, in any process. */
  startEpoch(epoch: number): void {
    this.#lastSeq = Math.max(this.#lastSeq, epoch * eventsPerEpoch);
  }

  emit(body: RunEventBody, at: number): void {
    this.#add(body, ++this.#lastSeq, at);
  }

  /**
   * Adds an event of another process. The event keeps its number, unless the log has used that number or a higher one.
   */
  relay(event: RunEvent): void {
    this.#lastSeq = Math.max(this.#lastSeq + 1, event.seq);
    this.#add(event, this.#lastSeq, event.at);
  }

  /** The events after `seq`. They count as read, so they are not merged with later events. */
  takeSince(seq: number): readonly RunEvent[] {
    this.#given = this.#lastSeq;
    return this.#events.slice(this.#indexAfter(seq));
  }

  /** Whether the next event would remove an event that no view contains yet. */
  get mustFold(): boolean {
    const oldest = this.#events[this.#start];
    return this.#events.length - this.#start >= capacity && oldest !== undefined && oldest.seq > this.#folded;
  }

  #add(body: RunEventBody, seq: number, at: number): void {
    const last = this.#events.at(-1);
    const merged = last !== undefined && this.#isUnread(last.seq) ? merge(last, body) : undefined;
    if (merged !== undefined) this.#events.pop();
    this.#events.push({ ...(merged ?? body), seq, at });
    if (this.#events.length - this.#start > capacity) this.#drop();
    this.#wake();
  }

  /** The events that have not been folded into a view yet. Each event is returned once. */
  takeUnfolded(): readonly RunEvent[] {
    const from = this.#indexAfter(this.#folded);
    this.#folded = this.#lastSeq;
    return this.#events.slice(from);
  }

  get hasUnfolded(): boolean {
    return this.#folded < this.#lastSeq;
  }

  /** Ends the log. Each reader ends when it has read the last event. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  reopen(): void {
    this.#ended = false;
  }

  /**
   * Reads the events after `after`. If the log no longer holds them, `catchUp` provides an event that replaces all
   * missed ones.
   */
  read(after: number | undefined, catchUp: () => RunEvent): AsyncGenerator<RunEvent> {
    const reader: Reader = { after: Math.max(0, after ?? this.#first), left: false, wake: undefined };
    const events = this.#read(reader, catchUp);
    const end = events.return.bind(events);
    // A generator that waits for an event would react to `return` only at the next event, perhaps days later.
    events.return = (value) => {
      reader.left = true;
      reader.wake?.();
      return end(value);
    };
    return events;
  }

  async *#read(reader: Reader, catchUp: () => RunEvent): AsyncGenerator<RunEvent> {
    this.#readers.add(reader);
    try {
      for (;;) {
        // A slow reader may also miss events that the log has removed.
        const next = reader.after < this.#dropped ? catchUp() : this.#events[this.#indexAfter(reader.after)];
        if (next !== undefined) {
          reader.after = next.seq;
          yield next;
        } else if (this.#ended || reader.left) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            reader.wake = resolve;
          });
        }
      }
    } finally {
      this.#readers.delete(reader);
      // A reader that continues later must not receive text again within a merged delta.
      this.#given = Math.max(this.#given, reader.after);
    }
  }

  /** Whether no view contains the event, and no other process or reader has received it. */
  #isUnread(seq: number): boolean {
    if (seq <= Math.max(this.#folded, this.#given)) return false;
    for (const reader of this.#readers) if (reader.after >= seq) return false;
    return true;
  }

  #indexAfter(seq: number): number {
    let low = this.#start;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle]?.seq ?? Number.POSITIVE_INFINITY) > seq) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #drop(): void {
    this.#dropped = this.#events[this.#start]?.seq ?? this.#dropped;
    this.#start += 1;
    // The remaining events are moved only once per thousand removed events, because moving them is expensive.
    if (this.#start >= 1_000) {
      this.#events.splice(0, this.#start);
      this.#start = 0;
    }
  }

  #wake(): void {
    for (const reader of this.#readers) {
      reader.wake?.();
      reader.wake = undefined;
    }
  }
}

/** Merges two events into one with the same meaning for a reader that has read neither. */
function merge(last: RunEvent, body: RunEventBody): RunEventBody | undefined {
  if (last.type === 'poll' && body.type === 'poll' && last.iteration === body.iteration) return body;
  return mergeDeltas(last, body);
}
