import { applyEvents } from '../../engine/view/apply-event.ts';
import type { RunEvent, RunEventBody } from '../../engine/view/run-event.ts';
import type { RunView } from '../../engine/view/run-view.ts';
import { callListeners } from './call-listeners.ts';
import { EventLog } from './event-log.ts';

/** What a run shows: its events, and the view that they make. The view is worked out when somebody looks. */
export class Publication {
  readonly #log: EventLog;
  readonly #listeners = new Set<() => void>();
  #view: RunView;
  /** The last event that listeners have been called for. */
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
    // What the log no longer holds must be in the view, also where nobody has looked at it yet.
    if (this.#log.mustFold) this.#fold();
    this.#log.emit(body, at);
  }

  #fold(): void {
    this.#view = applyEvents(this.#view, this.#log.takeUnfolded());
  }

  /** Calls the listeners: once after whatever was told together, and not where nothing was. */
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

  /** The run as it looks now, as an event that stands for all before it. */
  currentViewEvent(): Extract<RunEvent, { readonly type: 'view' }> {
    const { view } = this;
    return { type: 'view', view, seq: this.#log.lastSeq, at: view.updatedAt };
  }

  /** The events after `seq`; those are final then, and not made into one with later ones. */
  takeSince(seq: number): readonly RunEvent[] {
    return this.#log.takeSince(seq);
  }

  /** An event that was told, and numbered, elsewhere. */
  relay(event: RunEvent): void {
    this.#log.relay(event);
  }

  /** Another taking-up of the run: its events are numbered above all that went before. */
  reopen(epoch: number): void {
    this.#log.raise(epoch);
    this.#log.reopen();
  }

  end(): void {
    this.#log.end();
  }
}
