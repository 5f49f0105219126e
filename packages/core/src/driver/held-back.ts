import type { ResponsesClient } from '../client/responses-client.ts';
import type { SteadyTime } from '../clock/steady-time.ts';

/** How long a client's streams count as held back after that was seen, in milliseconds. */
const rememberMs = 3_600_000;

/** Which clients reach the API through a proxy that holds streams back until the response is over: seen by one run, known to all. */
export class HeldBackClients {
  readonly #time: SteadyTime;
  readonly #until = new WeakMap<ResponsesClient, number>();

  constructor(time: SteadyTime) {
    this.#time = time;
  }

  note(client: ResponsesClient): void {
    this.#until.set(client, this.#time.now() + rememberMs);
  }

  /** Milliseconds for which the client's creates are still sent without `stream`; 0 for none. */
  leftMs(client: ResponsesClient): number {
    const until = this.#until.get(client);
    return until === undefined ? 0 : Math.max(0, until - this.#time.now());
  }
}
