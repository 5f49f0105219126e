import { type DBSchema, type IDBPDatabase, type IDBPObjectStore, openDB, type StoreNames } from 'idb';
import type { StoredItem } from '../engine/stored-item.ts';
import type { InboxMessage, RunHead } from '../store/run-store.ts';
import { type ThreadKey, threadKeyOf } from './thread-key.ts';

/**
 * The contents of a store's IndexedDB database: plain objects, so that they are readable in the browser's developer
 * tools.
 */
export interface RunDatabase extends DBSchema {
  runs: {
    key: string;
    /**
     * `age` is the negative `createdAt`, so that ascending keys are in the order of `list`: newest first, then by
     * `runId`.
     */
    value: { readonly age: number; readonly head: RunHead; readonly thread: ThreadKey };
    indexes: { byAge: [age: number, runId: string]; byStatus: string; byThread: ThreadKey };
  };
  /** A record for each commit that appended items. Commits do not change existing records (I7). */
  items: {
    key: [runId: string, revision: number];
    value: { readonly runId: string; readonly revision: number; readonly items: readonly StoredItem[] };
  };
  claims: {
    key: string;
    value: {
      readonly runId: string;
      readonly owner: string;
      /** For tabs with an older version of the page, which knows neither of the following fields. */
      readonly until: number;
      /** Changes with each renewal. */
      readonly renewals?: number;
      /** Milliseconds for which the claim holds without a renewal. */
      readonly ttlMs?: number;
    };
  };
  inbox: {
    key: number;
    value: { readonly runId: string; readonly message: InboxMessage };
    indexes: { byRun: string };
  };
}

/** The version of the schema: the highest number in the conditions of `upgrade`. */
const version = 3;

/** Adds the keys of the runs that an older version has saved, one at a time: together they may be too large. */
async function addThreadKeys(
  runs: IDBPObjectStore<RunDatabase, StoreNames<RunDatabase>[], 'runs', 'versionchange'>,
): Promise<void> {
  for (let run = await runs.openCursor(); run !== null; run = await run.continue())
    await run.update({ ...run.value, thread: threadKeyOf(run.value.head) });
}

/**
 * Opens the database, and creates it if it does not exist.
 *
 * @param onLost Called when the connection can no longer be used: the browser dropped it, or it was closed so that a
 * newer version of the page can change the schema.
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
      const runs = transaction.objectStore('runs');
      if (oldVersion < 2) runs.createIndex('byStatus', 'head.status');
      if (oldVersion < 3) {
        runs.createIndex('byThread', 'thread');
        // A request that fails aborts the transaction, and `openDB` rejects.
        addThreadKeys(runs).catch(() => undefined);
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
