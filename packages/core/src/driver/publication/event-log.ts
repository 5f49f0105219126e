import { mergeDeltas, type RunEvent, type RunEventBody } from '../../engine/view/run-event.ts';

/** The number of events that the log keeps for late listeners. */
const capacity = 10_000;
interface Reader {
  after: number;
  /** Whether the events after `after` continue those that the reader has. Otherwise it needs the view first. */
  continues: boolean;
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
  #dropped: number;
  /** The last number that was used. Saves use numbers too. */
  #lastNumber: number;
  /** The number of the last event, or of the view that was numbered after it. */
  #lastSeq: number;
  #folded: number;
  #given = 0;
  /** The number before the first event that this log may contain. */
  readonly #first: number;
  #ended = false;

  /** `seq`: the number of the view before the first event of this log. */
  constructor(seq: number) {
    this.#lastNumber = seq;
    this.#lastSeq = seq;
    this.#first = seq;
    this.#folded = seq;
    this.#dropped = seq;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get hasReaders(): boolean {
    return this.#readers.size > 0;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** Continues above numbers that were used elsewhere: by a save, or by earlier epochs in any process. */
  continueAbove(number: number): void {
    this.#lastNumber = Math.max(this.#lastNumber, number);
  }

  emit(body: RunEventBody, at: number): void {
    this.add({ ...body, seq: this.#lastNumber + 1, at });
  }

  /** Uses a number for the view after the last event. */
  numberView(): number {
    this.#lastNumber += 1;
    this.#lastSeq = this.#lastNumber;
    return this.#lastSeq;
  }

  /** Adds an event with a number of its own, which must be higher than all before. */
  add(event: RunEvent): void {
    this.#lastNumber = event.seq;
    this.#lastSeq = event.seq;
    this.#add(event);
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

  #add(event: RunEvent): void {
    const last = this.#events.at(-1);
    const merged = last !== undefined && this.#isUnread(last.seq) ? merge(last, event) : undefined;
    if (merged !== undefined) this.#events.pop();
    this.#events.push(merged ?? event);
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
   * Reads the events after `after`. If the log does not hold the event `after`, or no longer holds those after it,
   * `catchUp` provides an event that replaces all missed ones. Logs of other processes merge other deltas, and a save
   * lacks text, so only an event that this log holds can be continued here.
   */
  read(after: number | undefined, catchUp: () => RunEvent): AsyncGenerator<RunEvent> {
    const from = Math.max(0, after ?? this.#first);
    const reader: Reader = { after: from, continues: this.#holds(from), left: false, wake: undefined };
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
        const next = this.#next(reader, catchUp);
        if (next !== undefined) {
          reader.after = next.seq;
          reader.continues = true;
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

  #next({ after, continues }: Reader, catchUp: () => RunEvent): RunEvent | undefined {
    // A reader that is ahead of this log never receives an older view.
    if (!continues) return after < this.#lastSeq ? catchUp() : undefined;
    // A slow reader may also miss events that the log has removed.
    return after < this.#dropped ? catchUp() : this.#events[this.#indexAfter(after)];
  }

  #holds(seq: number): boolean {
    if (seq === this.#lastSeq || seq === this.#dropped) return true;
    return this.#events[this.#indexAfter(seq) - 1]?.seq === seq;
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
function merge(last: RunEvent, event: RunEvent): RunEvent | undefined {
  if (last.type === 'poll' && event.type === 'poll' && last.iteration === event.iteration) return event;
  return mergeDeltas(last, event);
}
