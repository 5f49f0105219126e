import type { StoredItem } from '../../engine/stored-item.ts';

/** The items of a run, which may lack those of earlier iterations until a replay needs them. */
export class RunItems {
  readonly list: StoredItem[];
  readonly #load: () => Promise<readonly StoredItem[]>;
  #completing: Promise<void> | undefined;

  /** `load`: loads the items before these. */
  constructor(items: readonly StoredItem[], load: () => Promise<readonly StoredItem[]>) {
    this.list = [...items];
    this.#load = load;
  }

  /** Adds the missing items. A failure is not remembered, because the next attempt may succeed. */
  complete(): Promise<void> {
    this.#completing ??= this.#complete().catch((error: unknown) => {
      this.#completing = undefined;
      throw error;
    });
    return this.#completing;
  }

  async #complete(): Promise<void> {
    this.list.unshift(...(await this.#load()));
  }
}
