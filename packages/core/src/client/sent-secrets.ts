import { searchableSecrets } from '../wire/secret-values.ts';

/** The maximum number of kept values. More than one, because an answer may quote a key that was replaced since. */
const maxValues = 32;

/** Headers that describe the request and its sender's software. Media types consist of words, so they need no entry. */
const publicHeaders: readonly string[] = ['user-agent', 'openai-beta'];

/** The latest 32 secrets among the header values that a client has sent. */
export class SentSecrets {
  readonly #values = new Set<string>();

  add(headers: Headers): void {
    headers.forEach((value, name) => {
      if (publicHeaders.includes(name) || searchableSecrets(name, [value]).length === 0) return;
      this.#values.delete(value);
      this.#values.add(value);
    });
    for (const value of this.#values) {
      if (this.#values.size <= maxValues) return;
      this.#values.delete(value);
    }
  }

  all(): readonly string[] {
    return [...this.#values];
  }
}
