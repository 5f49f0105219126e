import type { Clock } from '../../clock/clock.ts';
import { repeat } from '../../clock/repeat.ts';
import type { JsonValue } from '../../wire/json.ts';
import type { LiveMessages } from './live-messages.ts';
import { LiveView, type LiveSave } from './live-view.ts';
import type { LivePublication } from './live-publication.ts';

/** The delay between two `listening` messages to the driver process, in milliseconds. */
const listenEveryMs = 10_000;

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
    this.#endListening ??= repeat(this.#clock, listenEveryMs, () =>
      this.#messages.send({ type: 'listening' }),
    );
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

  /** Adds the events that the driver process has published. Ignores them until this process has sent a hello. */
  relay(message: JsonValue): void {
    if (this.#saidHello && !this.#live.relay(message)) this.hello();
  }
}
