import type { Item } from '../../wire/items.ts';

/** A compaction item and the conversation that it replaces. */
export interface StoredCompaction {
  readonly id: string;
  readonly items: readonly Item[];
}

const prefix = 'gAAAAA';

/**
 * A compaction item. Its content, opaque to clients, contains the id, so that it is recognised if the client omits the
 * id.
 */
export function compactionItem(id: string): Item & { readonly type: 'compaction' } {
  return { id, type: 'compaction', encrypted_content: `${prefix}${id.slice('cmp_'.length)}` };
}

/** The conversations that the compaction items of one emulator replace. */
export class Compactions {
  readonly #byId = new Map<string, readonly Item[]>();

  add({ id, items }: StoredCompaction): void {
    this.#byId.set(id, items);
  }

  /** Replaces the last known compaction, and all items before it, by the conversation that it compacted. */
  expanded(items: readonly Item[]): readonly Item[] {
    const index = items.findLastIndex((item) => this.#of(item) !== undefined);
    const compacted = items[index] === undefined ? undefined : this.#of(items[index]);
    return compacted === undefined ? items : [...compacted, ...items.slice(index + 1)];
  }

  contents(): readonly StoredCompaction[] {
    return [...this.#byId].map(([id, items]) => ({ id, items }));
  }

  replace(compactions: readonly StoredCompaction[]): void {
    this.#byId.clear();
    for (const compaction of compactions) this.add(compaction);
  }

  #of(item: Item): readonly Item[] | undefined {
    const { type, encrypted_content: content } = item;
    if (type !== 'compaction' || typeof content !== 'string') return undefined;
    return this.#byId.get(`cmp_${content.slice(prefix.length)}`);
  }
}
