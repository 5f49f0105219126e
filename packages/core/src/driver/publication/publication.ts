import { applyEvents } from '../../engine/view/apply-event.ts';
import type { RunEvent, RunEventBody } from '../../engine/view/run-event.ts';
import type { RunView } from '../../engine/view/run-view.ts';
import { callListeners } from './call-listeners.ts';
import { EventLog } from './event-log.ts';

/** Publishes a run's events and its view. The view is computed when it is read. */
export class Publication {
  readonly #log: EventLog;
  readonly #listeners = new Set<() => void>();
  #view: RunView;
  /** The number of the last event for which listeners have been called. */
  #notified = 0;

  constructor(view: RunView, epoch: number) {
    this.#view = view;
    this.#log = new EventLog(epoch);
  }

  get view(): RunView {
    if (this.#log.hasUnfolded) this.#fold();
    return this.#view;
  }

  emit(body: RunEventBody, at: number): void {
    // Events that the log drops must be in the view, even if no caller has read the view yet.
    if (this.#log.mustFold) this.#fold();
    this.#log.emit(body, at);
  }

  #fold(): void {
    this.#view = applyEvents(this.#view, this.#log.takeUnfolded());
  }

  /** Calls the listeners once for all events since the last call, if there are any. */
  notify(): void {
    const { lastSeq } = this.#log;
    if (lastSeq === this.#notified) return;
    this.#notified = lastSeq;
    callListeners(this.#listeners, 'run');
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  events(after: number | undefined): AsyncIterable<RunEvent> {
    return { [Symbol.asyncIterator]: () => this.#log.read(after, () => this.currentViewEvent()) };
  }

  /** The current view as an event, which replaces all events before it. */
  currentViewEvent(): Extract<RunEvent, { readonly type: 'view' }> {
    const { view } = this;
    return { type: 'view', view, seq: this.#log.lastSeq, at: view.updatedAt };
  }

  /** The events after `seq`. They are not merged with later ones from then on. */
  takeSince(seq: number): readonly RunEvent[] {
    return this.#log.takeSince(seq);
  }

  /** Adds an event that another process has emitted and numbered. */
  relay(event: RunEvent): void {
    this.#log.relay(event);
  }

  /** Reopens the log for a resumed run. Its events are numbered above all earlier ones. */
  reopen(epoch: number): void {
    this.#log.startEpoch(epoch);
    this.#log.reopen();
  }

  end(): void {
    this.#log.end();
  }
}
