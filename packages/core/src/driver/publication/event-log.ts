import { mergeDeltas } from '../../engine/view/merge-deltas.ts';
import type { RunEvent, RunEventBody } from '../../engine/view/run-event.ts';

/** Events that are held for late listeners. */
const capacity = 10_000;
/** Event numbers that one taking-up of a run may use: those of the next one are higher in any case. */
const eventsPerEpoch = 1_000_000_000;

interface Reader {
  after: number;
  left: boolean;
  wake: (() => void) | undefined;
}

/**
 * The events of a run as they happened here: bounded, and with consecutive deltas of one text made into one where
 * nobody has read them yet.
 */
export class EventLog {
  readonly #events: RunEvent[] = [];
  readonly #readers = new Set<Reader>();
  /** Index of the first event that is held: those before it were dropped, a chunk at a time. */
  #start = 0;
  #dropped = 0;
  #lastSeq: number;
  #folded = 0;
  #given = 0;
  /** What came before the first event of this taking-up. */
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

  /** Goes on counting where a taken-up run must: never below what other processes have used. */
  raise(epoch: number): void {
    this.#lastSeq = Math.max(this.#lastSeq, epoch * eventsPerEpoch);
  }

  emit(body: RunEventBody, at: number): void {
    this.#add(body, ++this.#lastSeq, at);
  }

  /** Adds an event that has its number already. One that is not new is not added. */
  relay(event: RunEvent): void {
    if (event.seq <= this.#lastSeq && event.type !== 'view') return;
    this.#lastSeq = Math.max(this.#lastSeq + 1, event.seq);
    this.#add(event, this.#lastSeq, event.at);
  }

  /** The events after `seq`: given away, so that they are not made into one with later ones. */
  takeSince(seq: number): readonly RunEvent[] {
    this.#given = this.#lastSeq;
    return this.#events.slice(this.#indexAfter(seq));
  }

  /** Whether the next event would push one out that no view has been made of. */
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

  /** The events that have not been folded into a view yet: each is given once. */
  takeUnfolded(): readonly RunEvent[] {
    const from = this.#indexAfter(this.#folded);
    this.#folded = this.#lastSeq;
    return this.#events.slice(from);
  }

  get hasUnfolded(): boolean {
    return this.#folded < this.#lastSeq;
  }

  /** Nothing more will be appended: readers end after what is there. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  reopen(): void {
    this.#ended = false;
  }

  /**
   * Reads from `after` (exclusive) on. Where that is no longer held, `catchUp` gives an event that stands for all
   * that was missed.
   */
  read(after: number | undefined, catchUp: () => RunEvent): AsyncGenerator<RunEvent> {
    const reader: Reader = { after: Math.max(0, after ?? this.#first), left: false, wake: undefined };
    const events = this.#read(reader, catchUp);
    const end = events.return.bind(events);
    // A generator that waits for an event would hear of its end only with the next one, days later perhaps.
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
        // Also for one who has listened all along, and could not keep up.
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
      // Whoever comes back for the rest must not get what it has read once more, within a later delta.
      this.#given = Math.max(this.#given, reader.after);
    }
  }

  /** Whether nobody has seen the event: no view, no other process, no reader. */
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
    // Moving the rest once per thousand keeps dropping cheap.
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

/** Two events made into one that says the same to whoever has read neither. */
function merge(last: RunEvent, body: RunEventBody): RunEventBody | undefined {
  if (last.type === 'poll' && body.type === 'poll' && last.iteration === body.iteration) return body;
  return mergeDeltas(last, body);
}
