import type { Place } from '../../ownership/ownership.ts';
import type { JsonValue } from '../../wire/json.ts';
import { loadedLoop } from '../load-loop.ts';
import type { LiveExchange, LivePorts } from './live-exchange.ts';
import { isListening } from './live-messages.ts';
import type { LivePublication } from './live-publication.ts';

/**
 * The exchange of unsaved events with other processes. Its code loads with that of the loop, without which no run is
 * driven or followed.
 */
export class LateLive {
  readonly #ports: LivePorts;
  readonly #publication: LivePublication;
  readonly #runId: string;
  readonly #revision: () => number;
  #live: LiveExchange | undefined;

  constructor(ports: LivePorts, publication: LivePublication, runId: string, revision: () => number) {
    this.#ports = ports;
    this.#publication = publication;
    this.#runId = runId;
    this.#revision = revision;
  }

  /** The exchange, if it was used before. */
  get used(): LiveExchange | undefined {
    return this.#live;
  }

  /** The exchange. Undefined if its code is not loaded: a follower then repeats its hello. */
  get exchange(): LiveExchange | undefined {
    const code = loadedLoop();
    this.#live ??= code && new code.LiveExchange(this.#ports, this.#publication, this.#runId, this.#revision);
    return this.#live;
  }

  /** Receives a message, other than a hello, from another process that shows the run. */
  receive(message: JsonValue, place: Place): void {
    if (place === 'following') this.#live?.follower.relay(message);
    else if (isListening(message) && (place === 'driving' || place === 'resting'))
      this.exchange?.publisher.heard();
  }
}
