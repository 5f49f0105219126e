import type { FirstOutcome } from '../limits/idempotency.ts';

/** Larger answers are not kept: with many keys they would fill the storage. */
const longestRecord = 2 ** 20;

/** The record of an answer in full. */
export function recordOf(status: number, contentType: string, body: string): FirstOutcome {
  return body.length <= longestRecord ? { state: 'answered', status, contentType, body } : { state: 'gone' };
}

/** Collects a stream while it passes, up to what is kept. */
export class StreamRecording {
  readonly #decoder = new TextDecoder();
  #text: string | undefined = '';

  add(chunk: Uint8Array): void {
    if (this.#text === undefined) return;
    this.#text += this.#decoder.decode(chunk, { stream: true });
    if (this.#text.length > longestRecord) this.#text = undefined;
  }

  outcome(status: number, contentType: string): FirstOutcome {
    return this.#text === undefined ? { state: 'gone' } : recordOf(status, contentType, this.#text);
  }
}
