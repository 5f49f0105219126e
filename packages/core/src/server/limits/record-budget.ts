import { digest } from './digest.ts';
import type { KeptAnswer } from './idempotency.ts';
import type { ProxyStorage } from './proxy-storage.ts';
import { storageKey } from './storage-key.ts';

/**
 * Maximum number of characters of a stored answer. If an answer is longer, only the id of its response is stored, so
 * that the proxy can retrieve the response.
 */
const longestAnswer = 256 * 1024;

/** Maximum number of characters of answers that are stored for one principal within `idempotencyMs`. */
const answersPerPrincipal = 4 * 2 ** 20;

/** Decides whether an answer is stored: it has to be small enough and within its principal's budget. */
export type RecordBudget = (owner: string, answer: KeptAnswer) => Promise<boolean>;

export function createRecordBudget(storage: ProxyStorage, idempotencyMs: number): RecordBudget {
  return async (owner, { body }) => {
    if (body.length > longestAnswer) return false;
    const key = storageKey('kept', await digest(owner));
    return (await storage.increment(key, body.length, idempotencyMs)).value <= answersPerPrincipal;
  };
}

/** Collects the text of a stream that the proxy relays, up to the limit of a stored answer. */
export class StreamRecording {
  readonly #decoder = new TextDecoder();
  #text: string | undefined = '';

  add(chunk: Uint8Array): void {
    if (this.#text === undefined) return;
    this.#text += this.#decoder.decode(chunk, { stream: true });
    if (this.#text.length > longestAnswer) this.#text = undefined;
  }

  /** Undefined if the text is too long. */
  get text(): string | undefined {
    return this.#text;
  }
}
