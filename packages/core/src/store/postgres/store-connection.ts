import type { Connection } from './connection.ts';
import type { StoreNotices } from './notices/store-notices.ts';
import type { RenewalThread } from './renewal-thread.ts';

interface Internals {
  readonly connection: Connection;
  readonly notices: StoreNotices;
  readonly renewals: RenewalThread;
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

/** The thread of a store that `postgresStore` has created. Undefined for any other store. */
export function renewalsOf(store: object): RenewalThread | undefined {
  return internals.get(store)?.renewals;
}
