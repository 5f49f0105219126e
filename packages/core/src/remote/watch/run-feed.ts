import { applyEvents } from '../../engine/view/apply-event.ts';
import { keepStreamed } from '../../engine/view/keep-streamed.ts';
import type { RunEvent } from '../../engine/view/run-event.ts';
import type { RunView } from '../../engine/view/run-view.ts';
import { shareStructure } from '../../engine/view/share-structure.ts';
import { wholeView } from './answered-view.ts';

/** The number of events that are kept for late readers, and of those that are removed together. */
const capacity = 10_000;
const chunk = 1_000;

/** A run that the server drives here is driven elsewhere for the page. */
export function asElsewhere(view: RunView): RunView {
  return view.driver === 'here' ? { ...view, driver: 'elsewhere' } : view;
}

/** A reader of the events. */
interface Reader {
  /** The index of its next event, counted from the first event of the feed. Undefined: it needs the view first. */
  at: number | undefined;
  after: number;
  hasLeft: boolean;
  wake: (() => void) | undefined;
}

/**
 * The view of a run of a server, and the events that the page has received. Numbers decide which of two views is newer,
 * so an old answer never replaces a newer view, and an event that arrives twice has no effect.
 */
export class RunFeed {
  /** The view that the received events continue. */
  #view: RunView;
  /** The view that the page shows. Its text is longer while the page receives the text of its response again. */
  #shown: RunView;
  /** Below the number of every view of the server, until one has arrived. */
  #seq = -1;
  #events: RunEvent[] = [];
  /** The number of events that were removed. */
  #removed = 0;
  /** Received events that the view does not contain yet. */
  #pending: RunEvent[] = [];
  readonly #readers = new Set<Reader>();
  #ended = false;

  /** `view`: the view until the server's first view arrives. */
  constructor(view: RunView) {
    this.#view = view;
    this.#shown = view;
  }

  get view(): RunView {
    this.#fold();
    return this.#shown;
  }

  get seq(): number {
    return Math.max(0, this.#seq);
  }

  /** Adds an event of a stream, unless the view contains it. */
  receive(event: RunEvent): void {
    const { seq } = event;
    if (event.type === 'view') return this.show(wholeView(event.view), seq);
    // The driver changes without an event of the run, so its number may be that of the last event.
    if (event.type === 'run.driver' && seq === this.#seq) {
      this.#fold();
      const next = asElsewhere({ ...this.#view, driver: event.driver });
      return next.driver === this.#view.driver ? undefined : this.#set(next, false);
    }
    if (seq <= this.#seq) return;
    const isHere = event.type === 'run.driver' && event.driver === 'here';
    const shown: RunEvent = isHere ? { ...event, driver: 'elsewhere' } : event;
    this.#pending.push(shown);
    this.#add(shown);
  }

  /** Replaces the view, unless it is newer. Text that has streamed and equal objects are kept. */
  show(newer: RunView, seq: number): void {
    if (seq < this.#seq) return;
    this.#fold();
    this.#set(shareStructure(this.#shown, asElsewhere(newer)), true);
    // The numbers of events rise. A view with the number of the last event differs from it in the driver at most.
    if (seq > this.#seq) this.#add({ type: 'view', view: this.#view, seq, at: this.#view.updatedAt });
  }

  #fold(): void {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    // A process that takes over a run reads the stream of its response from the beginning.
    const restarts = pending.some(({ type }) => type === 'stream.connected');
    this.#set(applyEvents(this.#view, pending), restarts);
  }

  /** `mayLackText`: the view may lack text that has streamed. The page shows that text until the view contains it. */
  #set(newer: RunView, mayLackText: boolean): void {
    const isBehind = this.#shown !== this.#view;
    this.#view = asElsewhere(newer);
    const kept = mayLackText || isBehind ? keepStreamed(this.#shown, this.#view) : this.#view;
    this.#shown = kept === this.#view ? kept : shareStructure(this.#shown, kept);
  }

  #add(event: RunEvent): void {
    this.#seq = event.seq;
    this.#events.push(event);
    if (this.#events.length >= capacity + chunk) {
      this.#events.splice(0, chunk);
      this.#removed += chunk;
    }
  }

  /** Lets the readers continue. */
  wake(): void {
    for (const reader of this.#readers) reader.wake?.();
  }

  /** Ends the feed. Each reader ends when it has read the last event. */
  end(): void {
    this.#ended = true;
    this.wake();
  }

  reopen(): void {
    this.#ended = false;
  }

  /** `left` is called when the reader has left. */
  read(after: number | undefined, left: () => void): AsyncGenerator<RunEvent, void, void> {
    const reader: Reader = {
      at: this.#placeAfter(after),
      after: after ?? -1,
      hasLeft: false,
      wake: undefined,
    };
    const events = this.#read(reader, left);
    const end = events.return.bind(events);
    // A generator that waits for an event would react to `return` only at the next event, perhaps days later.
    events.return = (value) => {
      reader.hasLeft = true;
      reader.wake?.();
      // A generator that was never asked for an event does not run its `finally`.
      left();
      return end(value);
    };
    return events;
  }

  async *#read(reader: Reader, left: () => void): AsyncGenerator<RunEvent, void, void> {
    this.#readers.add(reader);
    try {
      for (;;) {
        const next = this.#next(reader);
        if (next !== undefined) yield next;
        else if (this.#ended || reader.hasLeft) return;
        else await new Promise<void>((resolve) => (reader.wake = resolve));
      }
    } finally {
      this.#readers.delete(reader);
      left();
    }
  }

  /** The index of the event after the one with this number. Undefined if there is no such event. */
  #placeAfter(after: number | undefined): number | undefined {
    if (after === undefined) return 0;
    if (after === this.#seq) return this.#removed + this.#events.length;
    const found = this.#events.findLastIndex(({ seq }) => seq === after);
    return found < 0 ? undefined : this.#removed + found + 1;
  }

  #next(reader: Reader): RunEvent | undefined {
    const { at, after } = reader;
    const end = this.#removed + this.#events.length;
    if (at !== undefined && at >= this.#removed) {
      const event = this.#events[at - this.#removed];
      if (event !== undefined) reader.at = at + 1;
      return event;
    }
    // A reader that is ahead of this view does not receive an older one.
    if (after >= this.#seq) return undefined;
    reader.at = end;
    this.#fold();
    // The next events continue this view, not the one that is shown.
    const view = this.#view;
    return { type: 'view', view, seq: this.#seq, at: view.updatedAt };
  }
}
