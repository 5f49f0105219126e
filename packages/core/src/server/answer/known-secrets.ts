import { redact } from './redact.ts';

export interface KnownSecretsOptions {
  /** Secrets of the configuration and of this exchange. */
  readonly values: Iterable<string>;
  /**
   * The values that must not appear in any text, including content: keys. The other values, such as the API's host, may
   * appear in content.
   */
  readonly always: readonly string[];
  /** Names that clients know, such as model names. They are not removed, even if a secret has the same spelling. */
  readonly plain: readonly string[];
  /** Loads additional secrets. Called at most once: when the first text is cleaned. */
  readonly more: () => Promise<Iterable<string>>;
}

/**
 * Whether a value is a real key. For servers that need no key, the configured key is a word that occurs in texts
 * (`ollama`, `sk-no-key-required`).
 */
function isKey(value: string): boolean {
  return value.length >= 20 && /[a-z]/i.test(value);
}

/** Maximum number of searched texts per exchange. Each takes microseconds. Later texts are removed completely. */
const mostTexts = 20_000;

/** The secrets that an error must not contain, in every spelling in which a server may quote them. */
export class KnownSecrets {
  readonly #values = new Set<string>();
  readonly #always: readonly string[];
  readonly #plain: ReadonlySet<string>;
  readonly #more: KnownSecretsOptions['more'];
  #asked: Promise<void> | undefined;
  #searched = 0;

  constructor({ values, always, plain, more }: KnownSecretsOptions) {
    this.#always = always.filter(isKey).map((value) => JSON.stringify(value).slice(1, -1));
    this.#plain = new Set(plain);
    this.#more = more;
    this.add(values);
  }

  add(values: Iterable<string>): void {
    for (const value of values) {
      if (value === '' || this.#plain.has(value)) continue;
      this.#values.add(value);
      // `redact` finds escaped ASCII characters itself, but not others. A lone surrogate cannot be encoded.
      if (value.isWellFormed()) this.#values.add(encodeURIComponent(value));
      this.#values.add(JSON.stringify(value).slice(1, -1));
    }
  }

  /** Removes keys from all of a JSON text. */
  seal(json: string): string {
    return this.#always.reduce((text, value) => text.replaceAll(value, '[removed]'), json);
  }

  /** Removes secrets from a text of an error. */
  async redact(text: string): Promise<string> {
    this.#searched += 1;
    if (this.#searched > mostTexts) return '[removed]';
    this.#asked ??= this.#more().then((values) => this.add(values));
    await this.#asked;
    return redact(text, [...this.#values]);
  }
}
