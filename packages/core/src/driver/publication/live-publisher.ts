import type { Clock } from '../../clock/clock.ts';
import type { SteadyTime } from '../../clock/steady-time.ts';
import type { RunEvent } from '../../engine/view/run-event.ts';
import { defined } from '../../wire/defined.ts';
import type { LiveMessages } from './live-messages.ts';
import type { LivePublication } from './live-publication.ts';

/** The time for which events are collected before they are published, so that not every delta causes a message. */
const gatherMs = 40;
/** The time for which events are published after the last message of a follower, in milliseconds. */
const heardForMs = 30_000;

/** A save: its revision, and its number. */
export interface PublishedSave {
  readonly revision: number;
  readonly seq: number;
}

/**
 * Publishes the unsaved events of a run, mainly streaming text, for the processes that follow it. Only the process that
 * drives the run, or in which it rests, publishes, and only while it receives messages of followers.
 */
export class LivePublisher {
  readonly #clock: Clock;
  readonly #time: SteadyTime;
  readonly #publication: LivePublication;
  readonly #messages: LiveMessages;
  /** The last save of the run here. */
  readonly #save: () => PublishedSave;
  /** Whether the answer to a hello is the events since the last save, instead of the view. */
  readonly #sinceSave: boolean;
  /** The last event that was published; undefined until a follower has sent a hello. */
  #publishedSeq: number | undefined;
  #publishedRevision = 0;
  #heardAt = 0;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #gathering = false;
  #isAnswering = false;

  constructor(
    { clock, time }: { readonly clock: Clock; readonly time: SteadyTime },
    publication: LivePublication,
    messages: LiveMessages,
    save: () => PublishedSave,
    sinceSave: boolean,
  ) {
    this.#clock = clock;
    this.#time = time;
    this.#publication = publication;
    this.#messages = messages;
    this.#save = save;
    this.#sinceSave = sinceSave;
  }

  /** Publishes nothing until a follower sends a hello. */
  end(): void {
    this.#publishedSeq = undefined;
    this.#isAnswering = false;
  }

  /** Answers a hello: publishes the view, and from then on every event. One answer serves several followers. */
  publishView(): void {
    const now = this.#time.now();
    this.#heardAt = now;
    if (this.#isAnswering) return;
    const waitMs = this.#answeredAt + gatherMs - now;
    if (waitMs <= 0) return this.#answer();
    this.#isAnswering = true;
    void this.#clock.sleep(waitMs).then(() => {
      // This process may follow in the meantime.
      if (this.#isAnswering) this.#answer();
    });
  }

  /** A follower that has received the events up to `after` ignores the view. */
  #answer(): void {
    this.#isAnswering = false;
    this.#answeredAt = this.#time.now();
    if (this.#sinceSave) return this.#publication.whenFree(() => this.#answerSinceSave());
    this.#publication.numberView((view) => {
      this.flush();
      const after = this.#publishedSeq;
      this.#publishedSeq = view.seq;
      this.#publishEvents({ ...defined({ after }), events: [view] });
    });
  }

  /** The followers load the save themselves. So the size of a message does not depend on the length of the run. */
  #answerSinceSave(): void {
    this.flush();
    const base = this.#save().seq;
    const events = this.#publication.takeSince(base);
    this.#publishedSeq = events.at(-1)?.seq ?? base;
    this.#publishEvents({ after: base, base, events });
  }

  /** A follower still listens. It needs the view if this process publishes nothing. */
  heard(): void {
    this.#heardAt = this.#time.now();
    if (this.#publishedSeq === undefined) this.publishView();
  }

  /** The loop here has finished a step. */
  stepped(): void {
    if (this.#publishedSeq === undefined) return;
    if (this.#time.now() - this.#heardAt > heardForMs) return this.end();
    // A follower that has loaded a save waits for its events.
    if (this.#publishedRevision !== this.#save().revision) return this.flush();
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
    if (last === undefined && this.#publishedRevision === this.#save().revision) return;
    this.#publishedSeq = last?.seq ?? after;
    this.#publishEvents({ after, events });
  }

  /** `after`: the number of the event that was published before `events`. With it, followers detect a lost message. */
  #publishEvents(content: {
    readonly after?: number;
    readonly base?: number;
    readonly events: readonly RunEvent[];
  }): void {
    const { revision } = this.#save();
    this.#publishedRevision = revision;
    this.#messages.send({ type: 'events', revision, ...content });
  }
}
