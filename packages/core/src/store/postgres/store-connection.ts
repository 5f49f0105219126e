import type { Connection } from './connection.ts';

const connections = new WeakMap<object, Connection>();

export function setConnection(store: object, connection: Connection): void {
  connections.set(store, connection);
}

/** The connection of a store that `postgresStore` has created, for the queue. Undefined for any other store. */
export function connectionOf(store: object): Connection | undefined {
  return connections.get(store);
}
