import type { MessageSource } from '../../engine/engine-event.ts';

interface Sourced {
  readonly source?: MessageSource;
}

/**
 * The messages of the inbox that a loop has received, by the store's ids. The store returns a message again until a
 * commit deletes it.
 */
export class SeenMessages {
  /** Undefined until the first message, because most runs receive none. */
  #ids: Set<string> | undefined;

  has({ source }: Sourced): boolean {
    return source?.storeId !== undefined && this.#ids?.has(source.storeId) === true;
  }

  /** @returns false if the message was added before */
  add(message: Sourced): boolean {
    if (this.has(message)) return false;
    if (message.source?.storeId !== undefined) (this.#ids ??= new Set()).add(message.source.storeId);
    return true;
  }
}
