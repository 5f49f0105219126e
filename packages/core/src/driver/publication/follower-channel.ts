import type { Clock } from '../../clock/clock.ts';
import type { RunEvent } from '../../engine/view/run-event.ts';
import type { RunStore } from '../../store/run-store.ts';
import { isJsonObject, jsonCopy, type JsonValue } from '../../wire/json.ts';
import { LiveView } from './live-view.ts';
import type { Publication } from './publication.ts';

/** The time for which events are collected before they are published, so that not every delta causes a message. */
const gatherMs = 40;

/**
 * Sends unsaved events, mainly streaming text, from the process that drives a run to the processes that follow it, if
 * the store has `publish`. A follower sends a hello, and receives every later event. Only a process that drives the
 * run, or in which it rests, publishes its events.
 */
export class FollowerChannel {
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #publication: Publication;
  readonly #runId: string;
  /** The revision of the run here. */
  readonly #revision: () => number;
  /** The last event that was published; undefined until a follower has sent a hello. */
  #publishedSeq: number | undefined;
  #publishedRevision = 0;
  #gathering = false;
  #live: LiveView;
  /** Whether this process follows and has sent a hello. */
  #saidHello = false;

  constructor(
    store: RunStore,
    clock: Clock,
    publication: Publication,
    runId: string,
    revision: () => number,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#publication = publication;
    this.#runId = runId;
    this.#revision = revision;
    this.#live = new LiveView(publication);
  }

  /** This process begins to drive or to follow. It publishes nothing until a follower sends a hello. */
  begin(): void {
    this.#publishedSeq = undefined;
    this.#live = new LiveView(this.#publication);
    this.#saidHello = false;
  }

  /** Starts following: asks the process that drives the run for its current view. */
  hello(): void {
    this.#saidHello = true;
    this.#live.end();
    void this.#publish({ type: 'hello' });
  }

  /**
   * Sends a hello again if messages were lost: the events of the last loaded save, or the answer to a hello.
   *
   * @returns whether the view lacks the last loaded save
   */
  recover(): boolean {
    const { isLive, isBehind } = this.#live;
    if (this.#saidHello && (isBehind || !isLive)) this.hello();
    return isBehind;
  }

  /** A save of another process was loaded. @returns whether the view must show it */
  saved(save: { readonly revision: number; readonly epoch: number }): boolean {
    return this.#live.saved(save);
  }

  /** The loop here has finished a step. Its events are published for followers. */
  stepped(): void {
    if (this.#publishedSeq === undefined) return;
    // A follower that has loaded a save waits for its events.
    if (this.#publishedRevision !== this.#revision()) return this.flush();
    if (this.#gathering) return;
    this.#gathering = true;
    void this.#clock.sleep(gatherMs).then(() => {
      this.#gathering = false;
      this.flush();
    });
  }

  /** Publishes the collected events immediately. */
  flush(): void {
    const after = this.#publishedSeq;
    if (after === undefined) return;
    const events = this.#publication.takeSince(after);
    const last = events.at(-1);
    if (last === undefined && this.#publishedRevision === this.#revision()) return;
    this.#publishedSeq = last?.seq ?? after;
    this.#publishEvents({ after, events });
  }

  /** Whether a message asks for the current view of this process. */
  isHello(message: JsonValue): boolean {
    return isJsonObject(message) && message['type'] === 'hello';
  }

  /** Answers a hello: publishes the view, and from then on every event. */
  publishView(): void {
    const view = this.#publication.currentViewEvent();
    this.#publishedSeq = view.seq;
    this.#publishEvents({ events: [view] });
  }

  /** Adds the events that the driver process has published. Ignores them until this process has sent a hello. */
  relay(message: JsonValue): void {
    if (this.#saidHello && !this.#live.relay(message)) this.hello();
  }

  /** `after`: the number of the event that was published before `events`. With it, followers detect a lost message. */
  #publishEvents(content: { readonly after?: number; readonly events: readonly RunEvent[] }): void {
    const revision = this.#revision();
    this.#publishedRevision = revision;
    void this.#publish(jsonCopy<JsonValue>({ type: 'events', revision, ...content } as never));
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
}
