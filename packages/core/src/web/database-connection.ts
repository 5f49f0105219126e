import type { IDBPDatabase, IDBPTransaction } from 'idb';
import { StoreError } from '../errors/store-error.ts';
import { openRunDatabase, type RunDatabase } from './run-database.ts';
import { webFailure } from './web-failure.ts';

type StoreName = 'runs' | 'items' | 'claims' | 'inbox';

export interface DatabaseConnection {
  /**
   * Performs `work` in one transaction. If anything fails, nothing is stored. `work` may await only the transaction's
   * own requests, because the browser ends the transaction during any other wait.
   *
   * @param action Completes the error message “The store could not …”.
   */
  transact<const Names extends readonly StoreName[], Mode extends 'readonly' | 'readwrite', Result>(
    action: string,
    names: Names,
    mode: Mode,
    work: (transaction: IDBPTransaction<RunDatabase, Names, Mode>) => Promise<Result>,
  ): Promise<Result>;
  close(): void;
}

/** A connection to the IndexedDB database `name`. It opens at the first call, and again at a call after it was lost. */
export function databaseConnection(name: string): DatabaseConnection {
  let connection: Promise<IDBPDatabase<RunDatabase>> | undefined;
  let closed = false;

  function connect(): Promise<IDBPDatabase<RunDatabase>> {
    if (closed) {
      throw new StoreError('unavailable', `The store ${name} was closed. Close it after runner.close().`);
    }
    if (typeof indexedDB === 'undefined') {
      throw new StoreError(
        'unavailable',
        `The store ${name} needs IndexedDB, which is not available here. On a server, use memoryStore() or sqliteStore().`,
      );
    }
    const opening = openRunDatabase(name, () => forget(opening));
    connection = opening;
    // A failure is not kept, because the next call may succeed.
    opening.catch(() => forget(opening));
    return opening;
  }

  function forget(lost: Promise<IDBPDatabase<RunDatabase>>): void {
    if (connection === lost) connection = undefined;
  }

  async function begin<const Names extends readonly StoreName[], Mode extends 'readonly' | 'readwrite'>(
    names: Names,
    mode: Mode,
  ): Promise<IDBPTransaction<RunDatabase, Names, Mode>> {
    // A save must be on the disk when it resolves (I7). By default, browsers do not wait for the disk.
    const options: IDBTransactionOptions = mode === 'readwrite' ? { durability: 'strict' } : {};
    const current = connection ?? connect();
    const database = await current;
    try {
      return database.transaction(names, mode, options);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
      // The connection ended without an event. Nothing was done yet, so the transaction may begin on a new connection.
      forget(current);
      return (await (connection ?? connect())).transaction(names, mode, options);
    }
  }

  return {
    transact: async (action, names, mode, work) => {
      try {
        const transaction = await begin(names, mode);
        try {
          const [result] = await Promise.all([work(transaction), transaction.done]);
          return result;
        } catch (error) {
          abort(transaction);
          throw error;
        }
      } catch (error) {
        throw webFailure(error, action, name);
      }
    },
    close: () => {
      closed = true;
      connection?.then(
        (database) => database.close(),
        () => undefined,
      );
      connection = undefined;
    },
  };
}

/**
 * Aborts a transaction after a failure. Otherwise its earlier writes would remain, and a save could be stored in part.
 */
function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // The transaction has already ended.
  }
}
