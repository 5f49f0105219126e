import type { Clock } from '../../clock/clock.ts';
import type { RunEvent } from '../../engine/view/run-event.ts';
import type { RunStore } from '../../store/run-store.ts';
import { fieldsOf, isJsonObject, jsonCopy, type JsonValue } from '../../wire/json.ts';
import type { Publication } from './publication.ts';

/** How long events are collected before they are published, in milliseconds, so that a fast stream does not cause a message for each delta. */
const gatherMs = 40;

function isEvent(value: unknown): value is RunEvent {
  return isJsonObject(value) && typeof value['type'] === 'string' && typeof value['seq'] === 'number';
}

/**
 * Sends unsaved events, above all streaming text, from the process that drives a run to the processes that follow it, if
 * the store has `publish`. A follower sends a hello and receives every event from then on.
 */
export class FollowerChannel {
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #publication: Publication;
  readonly #runId: string;
  /** The last event that was published; undefined while no process follows. */
  #handedOn: number | undefined;
  #gathering = false;
  #hears = false;

  constructor(store: RunStore, clock: Clock, publication: Publication, runId: string) {
    this.#store = store;
    this.#clock = clock;
    this.#publication = publication;
    this.#runId = runId;
  }

  /** Whether the view is made of live events. A saved state, which lacks streaming text, must not replace such a view. */
  get hears(): boolean {
    return this.#hears;
  }

  /** Starts following: asks the process that drives the run for its current view. */
  hello(): void {
    this.#hears = false;
    void this.#publish({ type: 'hello' });
  }

  /** The run is driven here from now on. */
  driving(): void {
    this.#hears = false;
    this.#handedOn = undefined;
  }

  /** Driving here: something happened that followers want to know. */
  stepped(): void {
    if (this.#handedOn === undefined || this.#gathering) return;
    this.#gathering = true;
    void this.#clock.sleep(gatherMs).then(() => {
      this.#gathering = false;
      this.flush();
    });
  }

  /** Publishes the collected events immediately. */
  flush(): void {
    if (this.#handedOn === undefined) return;
    const events = this.#publication.takeSince(this.#handedOn);
    const last = events.at(-1);
    if (last === undefined) return;
    this.#handedOn = last.seq;
    this.#publishEvents(events);
  }

  /** Whether another process asks for the run as it looks here. */
  isHello(message: JsonValue): boolean {
    return isJsonObject(message) && message['type'] === 'hello';
  }

  /** Answers a hello: publishes the view, and from then on every event. */
  publishView(): void {
    const view = this.#publication.currentViewEvent();
    this.#handedOn = view.seq;
    this.#publishEvents([view]);
  }

  /** Takes over the events that the driving process has published. */
  relay(message: JsonValue): void {
    const { type, events } = fieldsOf(message);
    if (type !== 'events' || !Array.isArray(events)) return;
    for (const event of events) if (isEvent(event)) this.#relay(event);
    this.#publication.notify();
  }

  #publishEvents(events: readonly RunEvent[]): void {
    void this.#publish(jsonCopy<JsonValue>({ type: 'events', events } as never));
  }

  /** A store that cannot hand it on costs live text, and nothing else. */
  async #publish(message: JsonValue): Promise<void> {
    try {
      // A user's own may be async.
      const published: unknown = this.#store.publish?.(this.#runId, message);
      await published;
    } catch {
      // The store may fail: everything that must not get lost is saved.
    }
  }

  #relay(event: RunEvent): void {
    if (event.type === 'view') {
      this.#hears = true;
      this.#publication.relay({ ...event, view: { ...event.view, driver: 'elsewhere' } });
    } else if (
      this.#hears &&
      event.type !== 'run.driver' &&
      event.type !== 'run.started' &&
      event.type !== 'run.resumed'
    ) {
      // Those three state which process drives the run, from the point of view of the other process.
      this.#publication.relay(event);
    }
  }
}
