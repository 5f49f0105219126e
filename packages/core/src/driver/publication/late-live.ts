import type { Place } from '../../ownership/ownership.ts';
import type { JsonValue } from '../../wire/json.ts';
import { loadedLoop } from '../load-loop.ts';
import type { LiveExchange, LivePorts } from './live-exchange.ts';
import { isListening } from './live-messages.ts';
import type { LivePublication } from './live-publication.ts';
import type { PublishedSave } from './live-publisher.ts';

/**
 * The exchange of unsaved events with other processes. Its code loads with that of the loop, without which no run is
 * driven or followed.
 */
export class LateLive {
  readonly #ports: LivePorts;
  readonly #publication: LivePublication;
  readonly #runId: string;
  readonly #save: () => PublishedSave;
  readonly #sinceSave: boolean;
  #live: LiveExchange | undefined;

  /** `sinceSave`: see `LivePublisher`. */
  constructor(
    ports: LivePorts,
    publication: LivePublication,
    runId: string,
    save: () => PublishedSave,
    sinceSave: boolean,
  ) {
    this.#ports = ports;
    this.#publication = publication;
    this.#runId = runId;
    this.#save = save;
    this.#sinceSave = sinceSave;
  }

  /** The exchange, if it was used before. */
  get used(): LiveExchange | undefined {
    return this.#live;
  }

  /** The exchange. Undefined if its code is not loaded: a follower then repeats its hello. */
  get exchange(): LiveExchange | undefined {
    const code = loadedLoop();
    if (code === undefined || this.#live !== undefined) return this.#live;
    const { LiveExchange: Exchange } = code;
    this.#live = new Exchange(this.#ports, this.#publication, this.#runId, this.#save, this.#sinceSave);
    return this.#live;
  }

  /**
   * Receives a message, other than a hello, from another process that shows the run.
   *
   * @returns false if this process follows the run, and messages before this one were lost
   */
  receive(message: JsonValue, place: Place): boolean {
    if (place === 'following') return this.#live?.follower.relay(message) ?? true;
    if (isListening(message) && (place === 'driving' || place === 'resting'))
      this.exchange?.publisher.heard();
    return true;
  }
}
