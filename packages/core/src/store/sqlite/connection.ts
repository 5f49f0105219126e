import { resolve as resolvePath } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { errorMessage } from '../../errors/error-message.ts';
import { thrownError, type Answer, type Call, type CallType, type Outcome } from './calls.ts';
import { databaseThread, type DatabaseThread } from './database-thread.ts';
import { openDatabase, type DatabaseOptions } from './open-database.ts';
import { Outbox } from './outbox.ts';
import { performCalls } from './perform-calls.ts';
import { closedFailure, sqliteFailure } from './sqlite-failure.ts';
import { beginWriting } from './write-lock.ts';

/** The database of a store, in this thread or another. */
export interface Connection {
  /** @param action Completes the error message “The store could not …”. */
  ask<Type extends CallType>(action: string, call: Call & { readonly type: Type }): Promise<Answer<Type>>;
  /** Closes the database and waits for it. Calls that were not performed fail. */
  close(): void;
}

/**
 * Opens the database. With a thread file, the database is then closed, and the first call starts the thread, which
 * opens the database.
 *
 * @param threadFile The program of the thread. Without it, the database is used in this thread, and blocks it.
 * @throws the errors of `openDatabase`
 */
export function openConnection(options: DatabaseOptions, threadFile: URL | undefined): Connection {
  const database = openDatabase(options);
  if (threadFile === undefined) return connectHere(options, database);
  database.close();
  return connectThread(options, threadFile);
}

function connectThread(options: DatabaseOptions, file: URL): Connection {
  const { path } = options;
  // The thread opens the file later, when the process may have another working directory.
  const absolute = path.startsWith('file:') ? path : resolvePath(path);
  let thread: DatabaseThread | undefined;
  let closed = false;
  const outbox = new Outbox((calls) => {
    thread ??= databaseThread({
      file,
      options: { ...options, path: absolute },
      answered: (outcomes) => outbox.answered(outcomes),
      failed: (error) => {
        thread = undefined;
        outbox.failed({ message: `${path}: ${errorMessage(error)}`, store: 'unavailable' });
      },
    });
    thread.send(calls);
  });

  return {
    ask: (action, call) =>
      new Promise((resolve, reject) => {
        const settle = settler(action, path, resolve, reject);
        if (closed) settle(undefined);
        else outbox.add({ call, settle });
      }),
    close: () => {
      if (closed) return;
      closed = true;
      outbox.close(thread?.close());
      thread = undefined;
    },
  };
}

/**
 * Performs calls in this thread: for databases in memory, which other threads cannot open, for custom clocks, and if
 * the thread's file is missing.
 */
function connectHere(
  { path, busyTimeoutMs, synchronous }: DatabaseOptions,
  database: DatabaseSync,
): Connection {
  const begin = (): void => beginWriting(database, busyTimeoutMs, blockFor);
  const perform = performCalls({ database, synchronous, begin });
  let closed = false;
  return {
    ask: (action, call) =>
      new Promise((resolve, reject) => {
        const settle = settler(action, path, resolve, reject);
        settle(closed ? undefined : perform([call])[0]);
      }),
    close: () => {
      if (!closed) database.close();
      closed = true;
    },
  };
}

function blockFor(ms: number): true {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return true;
}

/**
 * Returns a function that settles a call's promise. No outcome means that the store was closed before the call was
 * performed.
 */
function settler<Type extends CallType>(
  action: string,
  path: string,
  resolve: (answer: Answer<Type>) => void,
  reject: (error: unknown) => void,
): (outcome: Outcome | undefined) => void {
  return (outcome) => {
    if (outcome === undefined) reject(closedFailure(action, path));
    else if ('thrown' in outcome) reject(sqliteFailure(thrownError(outcome.thrown), action, path));
    // The answer has the type that belongs to the call. TypeScript cannot check that between threads.
    else resolve(outcome.answer);
  };
}
