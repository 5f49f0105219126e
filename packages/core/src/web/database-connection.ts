import type { IDBPDatabase, IDBPTransaction } from 'idb';
import { StoreError } from '../errors/store-error.ts';
import { openRunDatabase, type RunDatabase } from './run-database.ts';
import { webFailure } from './web-failure.ts';

type StoreName = 'runs' | 'items' | 'claims' | 'inbox';

export interface DatabaseConnection {
  /**
   * Does `work` in one transaction: all of it is stored, or, when anything fails, nothing. `work` may await nothing but
   * the transaction's own requests; after anything else the browser has ended it.
   *
   * @param action For errors, as in "The store could not …".
   */
  transact<const Names extends readonly StoreName[], Mode extends 'readonly' | 'readwrite', Result>(
    action: string,
    names: Names,
    mode: Mode,
    work: (transaction: IDBPTransaction<RunDatabase, Names, Mode>) => Promise<Result>,
  ): Promise<Result>;
  close(): void;
}

/** A connection to the IndexedDB database `name`, opened when it is first needed, and again when it was lost. */
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
        `The store ${name} needs IndexedDB, which is not here. On a server, use memoryStore() or sqliteStore().`,
      );
    }
    const opening = openRunDatabase(name, () => forget(opening));
    connection = opening;
    // A failure must not be kept: the next call may find the browser well again.
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
    // Write ahead means on the disk (I7): browsers otherwise leave that to the operating system.
    const options: IDBTransactionOptions = mode === 'readwrite' ? { durability: 'strict' } : {};
    const current = connection ?? connect();
    const database = await current;
    try {
      return database.transaction(names, mode, options);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
      // The connection has ended and nobody said so. Nothing was done yet, so the same may begin on a new one.
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

/** What was written before the failure must not stay: without this a save could be stored in part. */
function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}
