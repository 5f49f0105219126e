import { searchableSecrets } from '../wire/secret-values.ts';

/** How many values are kept: an answer may quote a key that has been replaced since. */
const kept = 32;

/** Headers that describe the request and its sender's software. Media types consist of words, so they need no entry. */
const plain: readonly string[] = ['user-agent', 'openai-beta'];

/** The secrets among the header values that a client has sent, up to the latest 32. */
export class SentSecrets {
  readonly #values = new Set<string>();

  add(headers: Headers): void {
    headers.forEach((value, name) => {
      if (plain.includes(name) || searchableSecrets(name, [value]).length === 0) return;
      this.#values.delete(value);
      this.#values.add(value);
    });
    for (const value of this.#values) {
      if (this.#values.size <= kept) return;
      this.#values.delete(value);
    }
  }

  all(): readonly string[] {
    return [...this.#values];
  }
}
