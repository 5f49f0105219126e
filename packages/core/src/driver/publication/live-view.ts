import { epochOf } from '../../engine/event-number.ts';
import type { RunEvent } from '../../engine/view/run-event.ts';
import { fieldsOf, isJsonObject, type JsonValue } from '../../wire/json.ts';
import type { LivePublication } from './live-publication.ts';

export interface LiveSave {
  readonly revision: number;
  readonly epoch: number;
}

function isEvent(value: unknown): value is RunEvent {
  return isJsonObject(value) && typeof value['type'] === 'string' && typeof value['seq'] === 'number';
}

/** The events that state which process drives the run. They are not relayed, because a follower states this itself. */
const eventsOfDriver: ReadonlySet<string> = new Set(['run.driver', 'run.started', 'run.resumed']);

/** The view of a run in a process that follows it, made of the messages of the process that drives it. */
export class LiveView {
  readonly #publication: LivePublication;
  #live = false;
  /** The number of the last event of the driver process. */
  #seq = 0;
  /** The revision that the view contains. */
  #shown = 0;
  /** The last loaded save. */
  #saved: LiveSave = { revision: 0, epoch: 0 };

  constructor(publication: LivePublication) {
    this.#publication = publication;
  }

  /** Whether the view is made of live events. A saved state lacks streaming text and must not replace such a view. */
  get isLive(): boolean {
    return this.#live;
  }

  /** Whether the view lacks the last loaded save. */
  get isBehind(): boolean {
    return this.#shown < this.#saved.revision;
  }

  /** The view is no longer made of live events, until the next view of the driver process. */
  end(): void {
    this.#live = false;
  }

  /** A save was loaded. @returns whether the view must show it */
  saved({ revision, epoch }: LiveSave): boolean {
    this.#saved = { revision, epoch };
    if (!this.#live) this.#shown = revision;
    return !this.#live;
  }

  /**
   * Adds the new events of a message. Events of an earlier driver process are ignored.
   *
   * @returns false if events before this message were lost, or the view lacks the loaded save that they continue
   */
  relay(message: JsonValue): boolean {
    const { type, after, base, revision, events } = fieldsOf(message);
    if (type !== 'events' || !Array.isArray(events)) return true;
    // The events since a save continue that save. A process whose view lacks it must show this save first.
    if (typeof base === 'number' && !this.#live) {
      if (revision === this.#saved.revision && this.isBehind) return false;
      if (revision === this.#shown) {
        this.#live = true;
        this.#seq = base;
      }
    }
    const hasView = fieldsOf(events[0])['type'] === 'view';
    if (this.#live && !hasView && typeof after === 'number' && after > this.#seq) return false;
    const isComplete = this.#live && after === this.#seq;
    // A message without events reports a save that emitted no events.
    let isNew = isComplete && events.length === 0;
    for (const event of events) {
      if (!isEvent(event) || !this.#isNew(event)) continue;
      // The answer to the hello of another follower contains nothing new.
      if (isComplete && event.type === 'view') this.#seq = event.seq;
      else this.#add(event);
      isNew = true;
    }
    // A driver process of an older version does not name the revision.
    if (isNew) this.#shown = typeof revision === 'number' ? revision : Number.POSITIVE_INFINITY;
    this.#publication.notify();
    return true;
  }

  #isNew({ type, seq }: RunEvent): boolean {
    // Later events do not continue a view that is older than the shown save.
    if (type === 'view') return epochOf(seq) >= this.#saved.epoch && seq > this.#publication.seq;
    return this.#live && seq > this.#seq;
  }

  #add(event: RunEvent): void {
    this.#live = true;
    this.#seq = event.seq;
    if (event.type === 'view')
      this.#publication.relay({ ...event, view: { ...event.view, driver: 'elsewhere' } });
    else if (!eventsOfDriver.has(event.type)) this.#publication.relay(event);
  }
}
