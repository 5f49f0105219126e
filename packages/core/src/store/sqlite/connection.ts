import { resolve as resolvePath } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { errorMessage } from '../../errors/error-message.ts';
import { thrownError, type Answer, type Call, type CallType, type Outcome } from './calls.ts';
import { databaseThread, type DatabaseThread } from './database-thread.ts';
import { enterLive, type ExchangeOptions, type ExchangeReport, NoticeExchange } from './notice-exchange.ts';
import { fileOf, openDatabase, type DatabaseOptions } from './open-database.ts';
import { Outbox } from './outbox.ts';
import { performCalls } from './perform-calls.ts';
import { closedFailure, sqliteFailure } from './sqlite-failure.ts';
import { beginWriting, whileBusy } from './write-lock.ts';

/** The database of a store, in this thread or another. */
export interface Connection {
  /** @param action Completes the error message “The store could not …”. */
  ask<Type extends CallType>(action: string, call: Call & { readonly type: Type }): Promise<Answer<Type>>;
  /**
   * Begins to receive the notices of other stores. Each call of other stores that returns later is included.
   *
   * @throws the error of SQLite if the live file cannot be used, StoreError `unavailable` if the store is closed
   */
  watch(): void;
  unwatch(): void;
  /** Closes the database and waits for it. Calls that were not performed fail. */
  close(): void;
}

/**
 * Opens the database. With a thread file, the database is then closed, and the first call starts the thread, which
 * opens the database.
 *
 * @param threadFile The program of the thread. Without it, the database is used in this thread, and blocks it.
 * @param report Receives the notices of other stores.
 * @throws the errors of `openDatabase`
 */
export function openConnection(
  options: DatabaseOptions,
  threadFile: URL | undefined,
  report: (report: ExchangeReport) => void,
): Connection {
  const database = openDatabase(options);
  const file = fileOf(database);
  const exchange = file === undefined ? undefined : { database: file, store: crypto.randomUUID() };
  if (threadFile === undefined || exchange === undefined)
    return connectHere(options, database, exchange && { exchange, report });
  database.close();
  return connectThread(options, threadFile, { exchange, report });
}

/** How the store exchanges notices with other stores. */
interface ExchangeSetup {
  readonly exchange: ExchangeOptions;
  readonly report: (report: ExchangeReport) => void;
}

function connectThread(options: DatabaseOptions, file: URL, { exchange, report }: ExchangeSetup): Connection {
  const { path } = options;
  // The thread opens the file later, when the process may have another working directory.
  const absolute = path.startsWith('file:') ? path : resolvePath(path);
  let thread: DatabaseThread | undefined;
  let closed = false;
  let watching = false;
  /** Whether a thread that watched has ended, so that the next one watches from its start. */
  let watchesAgain = false;
  const outbox = new Outbox((calls) => {
    thread ??= databaseThread({
      file,
      options: { ...options, path: absolute },
      exchange,
      watches: watchesAgain,
      answered: (outcomes) => outbox.answered(outcomes),
      reported: report,
      failed: (error) => {
        thread = undefined;
        watchesAgain = watching;
        outbox.failed({ message: `${path}: ${errorMessage(error)}`, store: 'unavailable' });
      },
    });
    thread.send(calls);
  });
  // A thread that fails reports it to the other calls, and the next thread has `watches`.
  const settle = (): void => undefined;

  return {
    ask: (action, call) =>
      new Promise((resolve, reject) => {
        const settleCall = settler(action, path, resolve, reject);
        if (closed) settleCall(undefined);
        else outbox.add({ call, settle: settleCall });
      }),
    watch: () => {
      if (closed) throw closedFailure('watch runs', path);
      outbox.add({ call: { type: 'watch', after: enterLive(exchange) }, settle });
      watching = true;
    },
    unwatch: () => {
      watching = false;
      watchesAgain = false;
      if (!closed) outbox.add({ call: { type: 'unwatch' }, settle });
    },
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
 *
 * @param setup Undefined for a database that no other store can open.
 */
function connectHere(
  { path, busyTimeoutMs, synchronous }: DatabaseOptions,
  database: DatabaseSync,
  setup: ExchangeSetup | undefined,
): Connection {
  const begin = (): void => beginWriting(database, busyTimeoutMs, blockFor);
  const wait = <T>(read: () => T): T => whileBusy(read, busyTimeoutMs, blockFor);
  const perform = performCalls({ database, synchronous, begin, wait });
  const exchange = setup && new NoticeExchange(setup.exchange, setup.report);
  let closed = false;
  return {
    ask: (action, call) =>
      new Promise((resolve, reject) => {
        const settle = settler(action, path, resolve, reject);
        if (closed) return settle(undefined);
        const outcomes = perform([call]);
        settle(outcomes[0]);
        exchange?.performed([call], outcomes);
      }),
    watch: () => {
      if (closed) throw closedFailure('watch runs', path);
      if (setup) exchange?.watch(enterLive(setup.exchange));
    },
    unwatch: () => exchange?.unwatch(),
    close: () => {
      if (closed) return;
      closed = true;
      exchange?.close();
      database.close();
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
