import type { Clock } from '../../clock/clock.ts';
import { repeat } from '../../clock/repeat.ts';
import type { JsonValue } from '../../wire/json.ts';
import type { LiveMessages } from './live-messages.ts';
import { LiveView, type LiveSave } from './live-view.ts';
import type { LivePublication } from './live-publication.ts';

/** The delay between two checks whether the driver process must receive a message, in milliseconds. */
const checkEveryMs = 2_000;
/** After this many checks, the driver process receives a message: 10 s. */
const checksPerMessage = 5;
/** The number of first checks that repeat a hello without an answer. A message may be lost. */
const quickHellos = 3;

/**
 * Receives the unsaved events of a run from the process that drives it. It asks with a hello, and asks again if
 * messages were lost.
 */
export class LiveFollower {
  readonly #clock: Clock;
  readonly #publication: LivePublication;
  readonly #messages: LiveMessages;
  #live: LiveView;
  /** Whether this process follows and has sent a hello. */
  #saidHello = false;
  #endListening: (() => void) | undefined;

  constructor(clock: Clock, publication: LivePublication, messages: LiveMessages) {
    this.#clock = clock;
    this.#publication = publication;
    this.#messages = messages;
    this.#live = new LiveView(publication);
  }

  /** Ignores published events until the next hello. */
  end(): void {
    this.#live = new LiveView(this.#publication);
    this.#saidHello = false;
    this.#endListening?.();
    this.#endListening = undefined;
  }

  /** Asks the process that drives the run for its current view. */
  hello(): void {
    this.#saidHello = true;
    this.#live.end();
    this.#messages.send({ type: 'hello' });
    this.#endListening ??= this.#listen();
  }

  /** Repeats the hello until it is answered, and then reports that this process still listens. */
  #listen(): () => void {
    let checks = 0;
    return repeat(this.#clock, checkEveryMs, () => {
      checks += 1;
      const { isLive } = this.#live;
      const isDue = checks % checksPerMessage === 0 || (!isLive && checks <= quickHellos);
      if (isDue) this.#messages.send({ type: isLive ? 'listening' : 'hello' });
    });
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
  saved(save: LiveSave): boolean {
    return this.#live.saved(save);
  }

  /**
   * Adds the events that the driver process has published. Ignores them until this process has sent a hello.
   *
   * @returns false if messages were lost. Then the view needs {@link recover}
   */
  relay(message: JsonValue): boolean {
    if (!this.#saidHello || this.#live.relay(message)) return true;
    this.#live.end();
    return false;
  }
}
