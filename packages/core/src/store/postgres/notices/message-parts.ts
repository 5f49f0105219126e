import type { NoticeMessage } from './notice-text.ts';

/** Maximum number of incomplete messages. */
const mostIncomplete = 100;
/** Maximum length of all incomplete messages together, in characters. */
const mostText = 16_000_000;

interface Incomplete {
  readonly texts: Map<number, string>;
  length: number;
}

/**
 * Puts long messages together. Parts may be lost, or arrive in another order. A message that stays incomplete is
 * dropped when there are too many others: runs find what it said in another way.
 */
export class MessageParts {
  readonly #messages = new Map<string, Incomplete>();
  #length = 0;

  /** Adds a part. @returns the text of the message, if the part completes it */
  add({ from, number, part, parts, text }: NoticeMessage): string | undefined {
    if (parts === 1) return text;
    const key = `${from}.${number}`;
    const message = this.#messages.get(key) ?? { texts: new Map(), length: 0 };
    if (part >= parts || message.texts.has(part)) return undefined;
    this.#messages.set(key, message);
    message.texts.set(part, text);
    message.length += text.length;
    this.#length += text.length;
    if (message.texts.size === parts) {
      this.#drop(key);
      return Array.from({ length: parts }, (_, index) => message.texts.get(index) ?? '').join('');
    }
    this.#dropOldest();
    return undefined;
  }

  #dropOldest(): void {
    for (const key of this.#messages.keys()) {
      if (this.#messages.size <= mostIncomplete && this.#length <= mostText) return;
      this.#drop(key);
    }
  }

  #drop(key: string): void {
    this.#length -= this.#messages.get(key)?.length ?? 0;
    this.#messages.delete(key);
  }
}
