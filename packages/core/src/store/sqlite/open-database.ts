import { DatabaseSync } from 'node:sqlite';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import { SnapshotError } from '../../errors/snapshot-error.ts';
import { numberOf, prepare } from './column.ts';
import { applicationId, migrations } from './migrations.ts';
import { resultCode } from './sqlite-failure.ts';

export interface DatabaseOptions {
  readonly path: string;
  readonly busyTimeoutMs: number;
  readonly synchronous: 'full' | 'normal';
}

/** The database at `path`, made or brought to the current schema, safe to open from several processes at once. */
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

/** One more connection to a database that {@link openDatabase} has opened. */
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

/** How long SQLite itself waits for a lock: the write lock is waited for by `beginWriting`, which can be ended. */
const lockTimeoutMs = 50;

function prepareConnection(database: DatabaseSync, { busyTimeoutMs, synchronous }: DatabaseOptions): void {
  database.exec(`PRAGMA busy_timeout = ${Math.min(busyTimeoutMs, lockTimeoutMs)}`);
  database.exec(`PRAGMA synchronous = ${synchronous}`);
}

/** Owners are processes: rows of those that left no claim behind would add up. */
function tidyOwners(database: DatabaseSync): void {
  const idle = 'owner NOT IN (SELECT owner FROM claims)';
  if (ask(database, `SELECT EXISTS (SELECT 1 FROM owners WHERE ${idle})`) === 0) return;
  try {
    database.exec(`DELETE FROM owners WHERE ${idle}`);
  } catch (error) {
    // Another process writes: it may wait for the next time.
    if (resultCode(error) !== 5) throw error;
  }
}

function ask(database: DatabaseSync, question: string): number {
  const row = prepare(database, `SELECT (${question}) AS answer`).get();
  return row ? numberOf(row, 'answer') : 0;
}

/** Another application's file must not be written to: not even its journal mode, which stays. */
function checkOwner(database: DatabaseSync, path: string): void {
  // One moment for both questions: another process may be making the tables.
  database.exec('BEGIN');
  const id = ask(database, 'SELECT application_id FROM pragma_application_id');
  const tables = ask(database, 'SELECT count(*) FROM sqlite_schema');
  database.exec('COMMIT');
  if (id === applicationId || tables === 0) return;
  throw new ConfigurationError(
    `The SQLite database ${path} holds tables that are not Longhaul's. Give the store a file of its own.`,
    { option: 'path' },
  );
}

/**
 * Readers and the writer do not wait for each other, and a save appends to one file. SQLite does not wait for the lock
 * that the change needs, whatever the busy timeout (powersync-ja/powersync-js pull request 749), so processes that
 * make a new database at once try again here.
 */
function useWriteAheadLog(database: DatabaseSync, busyTimeoutMs: number): void {
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

/** Applies what `steps` has beyond the database's version, all or nothing. */
export function migrateDatabase(database: DatabaseSync, path: string, steps: readonly string[]): void {
  const version = (): number => ask(database, 'SELECT user_version FROM pragma_user_version');
  if (version() > steps.length) {
    throw new SnapshotError(
      'newer_snapshot',
      `The SQLite database ${path} has schema version ${version()}; this version of Longhaul knows up to ${steps.length}. Update @longhaul/core.`,
    );
  }
  if (version() === steps.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Asked again: another process may have migrated it before the lock was given.
    for (const step of steps.slice(version())) database.exec(step);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${steps.length}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
