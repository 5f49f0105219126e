import { callIdOf } from '../calls.ts';
import type { ItemView, ToolCallView } from './run-view.ts';

type KeyOf<T> = (entry: T) => string;

/** How a list of a view is searched and changed. */
export interface ListEditor<T> {
  /** The place of the first entry that has this key; -1 where none has. */
  find(list: readonly T[], keyOf: KeyOf<T>, key: string): number;
  /** The same for a key that one entry has at most: looked for from the end, since the newest is asked for as a rule. */
  findOnly(list: readonly T[], keyOf: KeyOf<T>, key: string): number;
  /** The list with `entry` at this place, or behind the last one for -1. */
  put(list: readonly T[], at: number, entry: T): readonly T[];
}

/** Makes a new list for each change: what has been shown never changes. */
function copying<T>(): ListEditor<T> {
  return {
    find: (list, keyOf, key) => list.findIndex((entry) => keyOf(entry) === key),
    findOnly: (list, keyOf, key) => list.findLastIndex((entry) => keyOf(entry) === key),
    put: (list, at, entry) => (at < 0 ? [...list, entry] : list.with(at, entry)),
  };
}

/**
 * Makes one new list for many changes that are shown together, with an index for each key. A response of thousands of
 * items would otherwise copy and search a list for each of them. Only the last list of the batch may be shown.
 */
function sharing<T>(): ListEditor<T> {
  const one = copying<T>();
  /** The lists of this batch, which may be changed, with their indexes. */
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
      // What was found by one key is found by another now: the index is made anew when it is needed.
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

export const copiedLists: ViewLists = { items: copying(), calls: copying() };

/** For one batch of events: see {@link sharing}. */
export function sharedLists(): ViewLists {
  return { items: sharing(), calls: sharing() };
}

/** An item is known by its iteration and its place in the output: some gateways change item ids within one stream. */
export function itemKey({ iteration, outputIndex }: Pick<ItemView, 'iteration' | 'outputIndex'>): string {
  return `${iteration}/${outputIndex}`;
}

/** The key of the call that an item is; for other items one that no call has. */
export function itemCallKey({ iteration, item }: Pick<ItemView, 'iteration' | 'item'>): string {
  return `${iteration}/${callIdOf(item) ?? ''}`;
}

/** Call ids may come again in another iteration. */
export function callKey({ iteration, callId }: Pick<ToolCallView, 'iteration' | 'callId'>): string {
  return `${iteration}/${callId}`;
}
