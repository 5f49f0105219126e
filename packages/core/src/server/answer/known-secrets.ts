import { scrub } from './scrub.ts';

export interface KnownSecretsOptions {
  /** Secrets of the configuration and of this exchange. */
  readonly values: Iterable<string>;
  /** Those of them that no text may have, content included: keys. Texts may well have the others, such as the API's host. */
  readonly always: readonly string[];
  /** Names that clients know, such as those of models: they stay, also where a secret is spelled alike. */
  readonly plain: readonly string[];
  /** Secrets that have to be looked up. Asked once, and only where there is a text to clean. */
  readonly more: () => Promise<Iterable<string>>;
}

/** Servers that need no key are given a word (`ollama`, `sk-no-key-required`), which texts have. */
function isKey(value: string): boolean {
  return value.length >= 20 && /[a-z]/i.test(value);
}

/** Texts of one exchange that are searched, each of which takes microseconds. Of more than these none is shown. */
const mostTexts = 20_000;

/** What must not pass in an error, in every spelling in which a server may quote it. */
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
      // Of ASCII every spelling is found. A lone surrogate has none.
      if (value.isWellFormed()) this.#values.add(encodeURIComponent(value));
      this.#values.add(JSON.stringify(value).slice(1, -1));
    }
  }

  /** JSON without keys, wherever they stand. */
  seal(json: string): string {
    return this.#always.reduce((text, value) => text.replaceAll(value, '[removed]'), json);
  }

  /** A text of an error without secrets. */
  async scrub(text: string): Promise<string> {
    this.#searched += 1;
    if (this.#searched > mostTexts) return '[removed]';
    this.#asked ??= this.#more().then((values) => this.add(values));
    await this.#asked;
    return scrub(text, [...this.#values]);
  }
}
