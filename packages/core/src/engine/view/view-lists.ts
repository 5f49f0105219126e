import type { ItemView, ToolCallView } from './run-view.ts';

type KeyOf<T> = (entry: T) => string;

/** Searches and changes a list of a view. */
export interface ListEditor<T> {
  /** The index of the first entry with this key. -1 if there is none. */
  find(list: readonly T[], keyOf: KeyOf<T>, key: string): number;
  /** The same for a unique key. The search begins at the end, because most searches are for the newest entry. */
  findOnly(list: readonly T[], keyOf: KeyOf<T>, key: string): number;
  /** The list with `entry` at this index, or after the last one for -1. */
  put(list: readonly T[], at: number, entry: T): readonly T[];
}

/** Creates a new list for each change, because a published list must not change. */
function copyingEditor<T>(): ListEditor<T> {
  return {
    find: (list, keyOf, key) => list.findIndex((entry) => keyOf(entry) === key),
    findOnly: (list, keyOf, key) => list.findLastIndex((entry) => keyOf(entry) === key),
    put: (list, at, entry) => (at < 0 ? [...list, entry] : list.with(at, entry)),
  };
}

/**
 * Creates one new list for many changes that are shown together, with an index for each key. Otherwise a response with
 * thousands of items would copy and search a list for each of them. Only the last list of the batch may be published.
 */
function sharedEditor<T>(): ListEditor<T> {
  const one = copyingEditor<T>();
  /** The lists of this batch, which may be changed, and their indexes. */
  const own = new WeakMap<readonly T[], Map<KeyOf<T>, Map<string, number>>>();

  function note(index: Map<string, number>, key: string, at: number): void {
    if (!index.has(key)) index.set(key, at);
  }

  function find(list: readonly T[], keyOf: KeyOf<T>, key: string): number {
    const indexes = own.get(list);
    if (indexes === undefined) return one.find(list, keyOf, key);
    let index = indexes.get(keyOf);
    if (index === undefined) {
      index = new Map();
      for (const [at, entry] of list.entries()) note(index, keyOf(entry), at);
      indexes.set(keyOf, index);
    }
    return index.get(key) ?? -1;
  }

  function put(list: readonly T[], at: number, entry: T): readonly T[] {
    const indexes = own.get(list);
    if (indexes === undefined) {
      const copy = one.put(list, at, entry);
      own.set(copy, new Map());
      return copy;
    }
    const place = at < 0 ? list.length : at;
    const before = list[at];
    for (const [keyOf, index] of indexes) {
      if (before === undefined) note(index, keyOf(entry), place);
      // The key of the entry has changed, so the index is rebuilt when it is needed.
      else if (keyOf(before) !== keyOf(entry)) indexes.delete(keyOf);
    }
    Reflect.set(list, place, entry);
    return list;
  }

  return { find, findOnly: find, put };
}

/** The lists of a view that grow with its responses. */
export interface ViewLists {
  readonly items: ListEditor<ItemView>;
  readonly calls: ListEditor<ToolCallView>;
}

export const copiedLists: ViewLists = { items: copyingEditor(), calls: copyingEditor() };

/** Creates editors for one batch of events. See {@link sharedEditor}. */
export function sharedLists(): ViewLists {
  return { items: sharedEditor(), calls: sharedEditor() };
}
