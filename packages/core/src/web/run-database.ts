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
    value: {
      readonly runId: string;
      readonly owner: string;
      /** For tabs with a version of the page that has neither of the following. */
      readonly until: number;
      /** Changes with each renewal. */
      readonly renewals?: number;
      /** For how many milliseconds the claim holds without one. */
      readonly ttlMs?: number;
    };
  };
  inbox: {
    key: number;
    value: { readonly runId: string; readonly message: InboxMessage };
    indexes: { byRun: string };
  };
}

/** One more than the last step of `upgrade`. */
const version = 1;

/**
 * Opens the database, and makes it where there is none.
 *
 * @param onLost Called when the connection is of no more use: the browser dropped it, or it was closed to let a newer
 * version of the page change the schema.
 */
export async function openRunDatabase(name: string, onLost: () => void): Promise<IDBPDatabase<RunDatabase>> {
  const database = await openDB<RunDatabase>(name, version, {
    upgrade: (created, oldVersion) => {
      if (oldVersion < 1) {
        created
          .createObjectStore('runs', { keyPath: 'head.runId' })
          .createIndex('byAge', ['age', 'head.runId']);
        created.createObjectStore('items', { keyPath: ['runId', 'revision'] });
        created.createObjectStore('claims', { keyPath: 'runId' });
        created.createObjectStore('inbox', { autoIncrement: true }).createIndex('byRun', 'runId');
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
