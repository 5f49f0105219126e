import { tooMany } from '../../limits/request-cap.ts';

/** When a page may try again if all places are taken, in milliseconds. */
const retryAfterMs = 10_000;

/** Counts the open streams of each principal in this process. */
export class StreamPlaces {
  readonly #open = new Map<string, number>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Takes a place.
   *
   * @returns a function that frees the place, to be called once
   * @throws Refusal 429 if all are taken
   */
  take(owner: string): () => void {
    const taken = this.#open.get(owner) ?? 0;
    if (taken >= this.#most)
      throw tooMany(`Too many open streams: this server allows ${this.#most}.`, retryAfterMs);
    this.#open.set(owner, taken + 1);
    return () => {
      const left = (this.#open.get(owner) ?? 1) - 1;
      if (left > 0) this.#open.set(owner, left);
      else this.#open.delete(owner);
    };
  }
}
