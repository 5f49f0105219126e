import type { RunNotice } from '../run-store.ts';
import type { Connection } from './connection.ts';

/** The parts of a store that the queue uses. */
export interface StoreParts {
  readonly connection: Connection;
  /** Notifies the listeners of `watch`, here and in other processes. */
  notify(notice: RunNotice): void;
}

const parts = new WeakMap<object, StoreParts>();

export function setStoreParts(store: object, of: StoreParts): void {
  parts.set(store, of);
}

/** The parts of a store that `postgresStore` has created. Undefined for any other store. */
export function storePartsOf(store: object): StoreParts | undefined {
  return parts.get(store);
}
