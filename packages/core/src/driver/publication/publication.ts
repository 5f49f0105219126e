import { firstSeqOf } from '../../engine/event-number.ts';
import type { RunEvent, RunEventBody } from '../../engine/view/run-event.ts';
import { isTerminalRun, type RunDriver, type RunView } from '../../engine/view/run-view.ts';
import type { EventHold } from '../event-hold.ts';
import type { LivePublication, ViewEvent } from './live-publication.ts';
import { loadedLoop } from '../load-loop.ts';
import { callListeners } from '../../run/call-listeners.ts';
import { EventLog } from './event-log.ts';

/**
 * Publishes a run's events and its view. The view is computed when it is read. Only the process that drives the run
 * numbers events. Saves are numbered too, so that views of all processes can be compared.
 */
export class Publication implements LivePublication {
  readonly #log: EventLog;
  readonly #listeners = new Set<() => void>();
  /** How many listeners show nothing, such as that of `saved()`. */
  #unseeing = 0;
  #view: RunView;
  /** Whether something changed for which listeners have not been called. */
  #isNew = false;
  /** The emissions that wait until a step is saved. */
  #held: (() => void)[] | undefined;
  /** The view of a run that this process begins to drive, until the first save of the new epoch. */
  #opening: RunView | undefined;

  constructor(view: RunView, seq: number) {
    this.#view = view;
    this.#log = new EventLog(seq);
  }

  get view(): RunView {
    if (this.#log.hasUnfolded) this.#fold();
    return this.#view;
  }

  /** The number of the last event. `view` contains all events. */
  get seq(): number {
    return this.#log.lastSeq;
  }

  emit(body: RunEventBody, at: number): void {
    this.whenFree(() => this.#emit(body, at));
  }

  /** Reserves the numbers of a step's events until the step is saved. Other events are numbered after them. */
  hold(count: number): EventHold {
    const opening = this.#opening;
    const held = (opening && this.#held) ?? [];
    this.#held = held;
    // The save has a number of its own. A view that is made of it lacks text, so no event continues it.
    const seq = this.#log.lastNumber + (opening === undefined ? 0 : 1) + count + 1;
    return {
      seq,
      end: (events, at) => {
        // Until the epoch is saved, no event is numbered.
        if (this.#held !== held || (opening !== undefined && events.length === 0)) return;
        this.#held = undefined;
        this.#opening = undefined;
        if (opening !== undefined) this.#emit({ type: 'view', view: opening }, at);
        for (const event of events) this.#emit(event, at);
        this.#log.continueAbove(seq);
        for (const emit of held) emit();
      },
    };
  }

  /** Does not wait for a step that is being saved. Its loop was stopped. */
  endHold(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    if (this.#opening === undefined) for (const emit of held) emit();
  }

  /** Calls `emit` now, or after the step that is being saved. */
  whenFree(emit: () => void): void {
    if (this.#held === undefined) emit();
    else this.#held.push(emit);
  }

  #emit(body: RunEventBody, at: number): void {
    // Events that the log drops must be in the view, even if no caller has read the view yet.
    if (this.#log.mustFold) this.#fold();
    this.#log.emit(body, at);
    this.#isNew = true;
  }

  #fold(): void {
    // The code that emits events is loaded with the code that applies them.
    const code = loadedLoop();
    if (code !== undefined) this.#view = code.applyEvents(this.#view, this.#log.takeUnfolded());
  }

  /** Calls the listeners once for all changes since the last call, if there are any. */
  notify(): void {
    if (!this.#isNew) return;
    this.#isNew = false;
    callListeners(this.#listeners, 'run');
  }

  /** Whether a listener that shows the run, or a reader of events, waits for changes. */
  get isObserved(): boolean {
    return this.#listeners.size > this.#unseeing || this.#log.hasReaders;
  }

  /** `shows`: whether the listener shows the run. */
  subscribe(listener: () => void, shows: boolean = true): () => void {
    this.#listeners.add(listener);
    if (!shows) this.#unseeing += 1;
    return () => {
      if (this.#listeners.delete(listener) && !shows) this.#unseeing -= 1;
    };
  }

  events(after: number | undefined): AsyncIterable<RunEvent> {
    return { [Symbol.asyncIterator]: () => this.#log.read(after, () => this.#viewEvent(this.seq)) };
  }

  #viewEvent(seq: number): ViewEvent {
    const { view } = this;
    return { type: 'view', view, seq, at: view.updatedAt };
  }

  /** Assigns a number of its own to the view, so that it is newer than all saves before it. */
  numberView(use: (event: ViewEvent) => void): void {
    this.whenFree(() => use(this.#viewEvent(this.#log.numberView())));
  }

  /** The events after `seq`. They are not merged with later ones from then on. */
  takeSince(seq: number): readonly RunEvent[] {
    return this.#log.takeSince(seq);
  }

  /** Adds an event that the driver process has emitted and numbered. Unchanged parts of a view keep their identity. */
  relay(event: RunEvent): void {
    if (event.seq <= this.seq) return;
    if (this.#log.mustFold) this.#fold();
    this.#log.add(event.type === 'view' ? { ...event, view: this.#shared(event.view) } : event);
    this.#isNew = true;
  }

  #shared(view: RunView): RunView {
    return loadedLoop()?.shareStructure(this.view, view) ?? view;
  }

  /**
   * Shows the save with the number `seq`. A save that is older than the view changes only the driver.
   * The text that has streamed stays, because saves do not contain it.
   */
  showSaved(saved: RunView, seq: number): void {
    const { view: shown } = this;
    const view = loadedLoop()?.keepStreamed(shown, saved) ?? saved;
    if (seq > this.seq) return this.relay({ type: 'view', view, seq, at: view.updatedAt });
    if (seq === this.seq || isTerminalRun(saved.status)) this.#replace(this.#shared(view));
    else this.setDriver(saved.driver);
  }

  /** Shows which process drives the run. A process that follows the run knows this without an event. */
  setDriver(driver: RunDriver): void {
    const { view } = this;
    if (view.driver !== driver) this.#replace({ ...view, driver });
  }

  #replace(view: RunView): void {
    // Pending events are in `view` already.
    this.#log.takeUnfolded();
    this.#view = view;
    this.#isNew = true;
  }

  /** Reopens the log of a run that is driven or followed again. */
  reopen(): void {
    this.#log.reopen();
  }

  /**
   * This process begins to drive the run from the save with the number `seq`. Its events are numbered above all events
   * of earlier epochs, after its first save: if this process dies before, the next one begins the same epoch.
   */
  open(view: RunView, seq: number, epoch: number): void {
    this.showSaved(view, seq);
    this.#log.continueAbove(firstSeqOf(epoch));
    this.#opening = view;
    this.#held = [];
  }

  /** Whether the epoch in which this process drives the run is not saved yet. */
  get isOpening(): boolean {
    return this.#opening !== undefined;
  }

  end(): void {
    this.#log.end();
  }
}
