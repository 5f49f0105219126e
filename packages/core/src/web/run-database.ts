import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { StoredItem } from '../engine/stored-item.ts';
import type { InboxMessage, RunHead } from '../store/run-store.ts';

/** What the IndexedDB database of a store holds: plain objects, to be read in the browser's developer tools. */
export interface RunDatabase extends DBSchema {
  runs: {
    key: string;
    /** `age` is `createdAt`, negated: ascending keys then are the order of `list`, newest first and then by `runId`. */
    value: { readonly age: number; readonly head: RunHead };
    indexes: { byAge: [age: number, runId: string] };
  };
  /** A record for each commit that appended something: what is there is never written again (I7). */
  items: {
    key: [runId: string, revision: number];
    value: { readonly runId: string; readonly revision: number; readonly items: readonly StoredItem[] };
  };
  claims: {
    key: string;
    value: { readonly runId: string; readonly owner: string };
    indexes: { byOwner: string };
  };
  /** What an owner changes whenever it renews its claims, and for how many milliseconds they hold without that. */
  owners: {
    key: string;
    value: { readonly owner: string; readonly renewals: number; readonly ttlMs: number };
  };
  inbox: {
    key: number;
    value: { readonly runId: string; readonly message: InboxMessage };
    indexes: { byRun: string };
  };
}

/** One more than the last step of `upgrade`. */
const version = 2;

/**
 * Opens the database, and makes it where there is none.
 *
 * @param onLost Called when the connection is of no more use: the browser dropped it, or it was closed to let a newer
 * version of the page change the schema.
 */
export async function openRunDatabase(name: string, onLost: () => void): Promise<IDBPDatabase<RunDatabase>> {
  const database = await openDB<RunDatabase>(name, version, {
    upgrade: (created, oldVersion, _newVersion, transaction) => {
      if (oldVersion < 1) {
        created
          .createObjectStore('runs', { keyPath: 'head.runId' })
          .createIndex('byAge', ['age', 'head.runId']);
        created.createObjectStore('items', { keyPath: ['runId', 'revision'] });
        created.createObjectStore('claims', { keyPath: 'runId' });
        created.createObjectStore('inbox', { autoIncrement: true }).createIndex('byRun', 'runId');
      }
      if (oldVersion < 2) {
        // Those of tabs that had the version before, which are cut off by now.
        const claims = transaction.objectStore('claims');
        void claims.clear();
        claims.createIndex('byOwner', 'owner');
        created.createObjectStore('owners', { keyPath: 'owner' });
      }
    },
    blocking: () => {
      database.close();
      onLost();
    },
    terminated: onLost,
  });
  return database;
}
