import type { Connection } from './connection.ts';
import type { StoreNotices } from './notices/store-notices.ts';

interface Internals {
  readonly connection: Connection;
  readonly notices: StoreNotices;
}

const internals = new WeakMap<object, Internals>();

export function setInternals(store: object, own: Internals): void {
  internals.set(store, own);
}

/** The connection of a store that `postgresStore` has created, for the queue. Undefined for any other store. */
export function connectionOf(store: object): Connection | undefined {
  return internals.get(store)?.connection;
}

/**
 * The notices of a store that `postgresStore` has created. The queue calls `notify` after a transaction in which it has
 * changed runs itself. Undefined for any other store.
 */
export function noticesOf(store: object): StoreNotices | undefined {
  return internals.get(store)?.notices;
}
