import { digest } from './digest.ts';
import type { KeptAnswer } from './idempotency.ts';
import type { ProxyStorage } from './proxy-storage.ts';
import { storageKey } from './storage-key.ts';

/** Characters of one answer. Of a larger one only the id is kept, by which the API can be asked again. */
const longestAnswer = 256 * 1024;

/** Characters of answers that are kept for one principal within the time that answers are kept. */
const answersPerPrincipal = 4 * 2 ** 20;

/** Whether an answer is kept: small enough, and within its principal's budget. */
export type RecordBudget = (owner: string, answer: KeptAnswer) => Promise<boolean>;

export function createRecordBudget(storage: ProxyStorage, idempotencyMs: number): RecordBudget {
  return async (owner, { body }) => {
    if (body.length > longestAnswer) return false;
    const key = storageKey('kept', await digest(owner));
    return (await storage.increment(key, body.length, idempotencyMs)).value <= answersPerPrincipal;
  };
}

/** Collects the text of a stream while it passes, up to what could be kept. */
export class StreamRecording {
  readonly #decoder = new TextDecoder();
  #text: string | undefined = '';

  add(chunk: Uint8Array): void {
    if (this.#text === undefined) return;
    this.#text += this.#decoder.decode(chunk, { stream: true });
    if (this.#text.length > longestAnswer) this.#text = undefined;
  }

  /** Undefined where it became too long. */
  get text(): string | undefined {
    return this.#text;
  }
}
