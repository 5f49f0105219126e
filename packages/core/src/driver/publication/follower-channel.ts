import type { Clock } from '../../clock/clock.ts';
import type { RunEvent } from '../../engine/view/run-event.ts';
import type { RunStore } from '../../store/run-store.ts';
import { fieldsOf, isJsonObject, jsonCopy, type JsonValue } from '../../wire/json.ts';
import type { Publication } from './publication.ts';

/** The time for which events are collected before they are published, so that not every delta causes a message. */
const gatherMs = 40;

function isEvent(value: unknown): value is RunEvent {
  return isJsonObject(value) && typeof value['type'] === 'string' && typeof value['seq'] === 'number';
}

/**
 * Sends unsaved events, mainly streaming text, from the process that drives a run to the processes that follow it, if
 * the store has `publish`. A follower sends a hello, and receives every later event.
 */
export class FollowerChannel {
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #publication: Publication;
  readonly #runId: string;
  /** The last event that was published; undefined while no process follows. */
  #publishedSeq: number | undefined;
  #gathering = false;
  #live = false;

  constructor(store: RunStore, clock: Clock, publication: Publication, runId: string) {
    this.#store = store;
    this.#clock = clock;
    this.#publication = publication;
    this.#runId = runId;
  }

  /**
   * Whether the view is made of live events. A saved state, which lacks streaming text, must not replace such a view.
   */
  get isLive(): boolean {
    return this.#live;
  }

  /** Starts following: asks the process that drives the run for its current view. */
  hello(): void {
    this.#live = false;
    void this.#publish({ type: 'hello' });
  }

  /** Starts driving: this process sends the events from now on. */
  driving(): void {
    this.#live = false;
    this.#publishedSeq = undefined;
  }

  /** The loop here has finished a step. Its events are published for followers. */
  stepped(): void {
    if (this.#publishedSeq === undefined || this.#gathering) return;
    this.#gathering = true;
    void this.#clock.sleep(gatherMs).then(() => {
      this.#gathering = false;
      this.flush();
    });
  }

  /** Publishes the collected events immediately. */
  flush(): void {
    if (this.#publishedSeq === undefined) return;
    const events = this.#publication.takeSince(this.#publishedSeq);
    const last = events.at(-1);
    if (last === undefined) return;
    this.#publishedSeq = last.seq;
    this.#publishEvents(events);
  }

  /** Whether a message asks for the current view of this process. */
  isHello(message: JsonValue): boolean {
    return isJsonObject(message) && message['type'] === 'hello';
  }

  /** Answers a hello: publishes the view, and from then on every event. */
  publishView(): void {
    const view = this.#publication.currentViewEvent();
    this.#publishedSeq = view.seq;
    this.#publishEvents([view]);
  }

  /** Adds the events that the driver process has published. */
  relay(message: JsonValue): void {
    const { type, events } = fieldsOf(message);
    if (type !== 'events' || !Array.isArray(events)) return;
    for (const event of events) if (isEvent(event)) this.#relay(event);
    this.#publication.notify();
  }

  #publishEvents(events: readonly RunEvent[]): void {
    void this.#publish(jsonCopy<JsonValue>({ type: 'events', events } as never));
  }

  /** Publishes a message. If the store fails, followers only lack live text. */
  async #publish(message: JsonValue): Promise<void> {
    try {
      // A custom store may return a promise.
      const published: unknown = this.#store.publish?.(this.#runId, message);
      await published;
    } catch {
      // Ignored, because all data that must not be lost is saved.
    }
  }

  #relay(event: RunEvent): void {
    if (event.type === 'view') {
      this.#live = true;
      this.#publication.relay({ ...event, view: { ...event.view, driver: 'elsewhere' } });
    } else if (
      this.#live &&
      event.type !== 'run.driver' &&
      event.type !== 'run.started' &&
      event.type !== 'run.resumed'
    ) {
      // These three events state which process drives the run, as seen by the other process.
      this.#publication.relay(event);
    }
  }
}
