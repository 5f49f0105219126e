import { DatabaseSync } from 'node:sqlite';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import { SnapshotError } from '../../errors/snapshot-error.ts';
import { numberOf, prepare, textOf } from './column.ts';
import { applicationId, migrations } from './migrations.ts';
import { resultCode } from './sqlite-failure.ts';

export interface DatabaseOptions {
  readonly path: string;
  readonly busyTimeoutMs: number;
  readonly synchronous: 'full' | 'normal';
}

/**
 * Opens the database at `path`. Creates it or migrates it to the current schema. Several processes may open it at the
 * same time.
 */
export function openDatabase(options: DatabaseOptions): DatabaseSync {
  const { path, busyTimeoutMs } = options;
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    checkOwner(database, path);
    useWriteAheadLog(database, busyTimeoutMs);
    migrateDatabase(database, path, migrations);
    tidyOwners(database);
    prepareConnection(database, options);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens another connection to a database that {@link openDatabase} has opened. */
export function connectDatabase(options: DatabaseOptions): DatabaseSync {
  const database = new DatabaseSync(options.path);
  try {
    prepareConnection(database, options);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * How long SQLite itself waits for a lock, in milliseconds. `beginWriting` waits for the write lock, because a wait of
 * `beginWriting` can be ended early.
 */
const lockTimeoutMs = 50;

function prepareConnection(database: DatabaseSync, { busyTimeoutMs, synchronous }: DatabaseOptions): void {
  database.exec(`PRAGMA busy_timeout = ${Math.min(busyTimeoutMs, lockTimeoutMs)}`);
  database.exec(`PRAGMA synchronous = ${synchronous}`);
}

/** Deletes the rows of owners without claims. Each runner is a new owner, so their rows would accumulate. */
function tidyOwners(database: DatabaseSync): void {
  const idle = 'owner NOT IN (SELECT owner FROM claims)';
  if (ask(database, `SELECT EXISTS (SELECT 1 FROM owners WHERE ${idle})`) === 0) return;
  try {
    database.exec(`DELETE FROM owners WHERE ${idle}`);
  } catch (error) {
    // Another process is writing. The next opening deletes the rows.
    if (resultCode(error) !== 5) throw error;
  }
}

/** The absolute path of the database's file. Undefined for a database in memory or in a temporary file. */
export function fileOf(database: DatabaseSync): string | undefined {
  const row = prepare(database, `SELECT file FROM pragma_database_list WHERE name = 'main'`).get();
  return (row && textOf(row, 'file')) || undefined;
}

function ask(database: DatabaseSync, question: string): number {
  const row = prepare(database, `SELECT (${question}) AS answer`).get();
  return row ? numberOf(row, 'answer') : 0;
}

/** Throws if the file belongs to another application. Call it before the first change, even of the journal mode. */
export function checkOwner(database: DatabaseSync, path: string): void {
  // One transaction for both questions, because another process may be creating the tables.
  database.exec('BEGIN');
  const id = ask(database, 'SELECT application_id FROM pragma_application_id');
  const tables = ask(database, 'SELECT count(*) FROM sqlite_schema');
  database.exec('COMMIT');
  if (id === applicationId || tables === 0) return;
  throw new ConfigurationError(
    `The SQLite database ${path} contains tables of another application. Use a separate file for the store.`,
    { option: 'path' },
  );
}

/**
 * Sets the journal mode `WAL`. Readers and the writer then do not wait for each other, and a save appends to one file.
 * To change the mode, SQLite does not wait for the lock, regardless of the busy timeout (powersync-ja/powersync-js pull
 * request 749). So processes that create a new database at the same time retry here.
 */
export function useWriteAheadLog(database: DatabaseSync, busyTimeoutMs: number): void {
  const pauseMs = 10;
  for (let waited = 0; ; waited += pauseMs) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (resultCode(error) !== 5 || waited >= busyTimeoutMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
}

/** Applies the steps beyond the database's version, all or none. */
export function migrateDatabase(database: DatabaseSync, path: string, steps: readonly string[]): void {
  const version = (): number => ask(database, 'SELECT user_version FROM pragma_user_version');
  if (version() > steps.length) {
    throw new SnapshotError(
      'newer_snapshot',
      `The SQLite database ${path} has schema version ${version()}; this version of Longhaul supports up to ${steps.length}. Update @longhaul/core.`,
    );
  }
  if (version() === steps.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // The version is read again, because another process may have migrated the database before this one got the lock.
    for (const step of steps.slice(version())) database.exec(step);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${steps.length}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
