import {
  closeSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { numberOf, prepare, textOf } from './column.ts';
import { applicationId } from './migrations.ts';
import { checkOwner, migrateDatabase, useWriteAheadLog } from './open-database.ts';
import { resultCode } from './sqlite-failure.ts';

/**
 * The file `<database>-live`, a small SQLite database through which the stores of one database exchange notices. It has
 * the streamed text of the last seconds, and no data that is needed later.
 */
export interface LiveFile {
  /** The number of the last notice that was written, 0 if there was none. Numbers are never reused. */
  lastId(): number;
  /** Registers the store as a watcher, for `watcherHoldsMs`. */
  beat(store: string, wallMs: number): void;
  /** Removes the store from the watchers. The last watcher deletes all notices. */
  leave(store: string, wallMs: number): void;
  /** Whether another store than this one watches. */
  hasOthers(store: string, wallMs: number): boolean;
  write(store: string, notices: readonly string[]): void;
  /** The notices of other stores with numbers above `after`, up to `last`. */
  read(store: string, after: number, last: number): string[];
  /**
   * Deletes the notices up to this number. If none is left, it also empties the write-ahead log.
   *
   * @returns whether the files are empty
   */
  tidy(upTo: number): boolean;
  /** Whether other processes that open the path get the same file. */
  isCurrent(): boolean;
  close(): void;
}

/** A watcher renews its row more often. A process that was killed leaves its row. */
const watcherHoldsMs = 30_000;
/** How long opening waits for other processes that create the file, in milliseconds. */
const openTimeoutMs = 1_000;
/** The length of the header of an SQLite file, and the place of its application id in it. */
const headerBytes = 100;
const applicationIdAt = 68;
/** The length to which SQLite shortens the write-ahead log, in bytes. */
const logBytes = 1_000_000;

const steps = [
  `
  CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    store TEXT NOT NULL,
    notice TEXT NOT NULL
  ) STRICT;
  CREATE TABLE watchers (
    store TEXT PRIMARY KEY,
    seen REAL NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];

export function livePath(database: string): string {
  return `${database}-live`;
}

/**
 * Opens the live file of a database, or creates it. A damaged file is replaced, because it has no data that is needed.
 *
 * @param database The absolute path of the database's file.
 * @param lockTimeoutMs How long each call waits for another process that writes a notice, in milliseconds.
 */
export function openLiveFile(database: string, lockTimeoutMs: number, wallMs: number): LiveFile {
  const path = livePath(database);
  try {
    return open(database, lockTimeoutMs, wallMs);
  } catch (error) {
    const code = resultCode(error);
    // SQLITE_CORRUPT and SQLITE_NOTADB. Writes do not wait for the disk, so a power failure may damage the file.
    if ((code !== 11 && code !== 26) || !isOurs(path)) throw error;
    for (const name of [path, `${path}-wal`, `${path}-shm`]) rmSync(name, { force: true });
    return open(database, lockTimeoutMs, wallMs);
  }
}

function open(databaseFile: string, lockTimeoutMs: number, wallMs: number): LiveFile {
  const path = livePath(databaseFile);
  createLike(databaseFile, path);
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${openTimeoutMs}`);
    checkOwner(database, path);
    useWriteAheadLog(database, openTimeoutMs);
    // Deleted text is overwritten. Nothing waits for the disk.
    database.exec(
      `PRAGMA synchronous = OFF; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = ${logBytes}`,
    );
    migrateDatabase(database, path, steps);
    const file = liveFile(database, path);
    // The notices of processes that were killed.
    if (!file.hasOthers('', wallMs)) file.tidy(file.lastId());
    database.exec(`PRAGMA busy_timeout = ${lockTimeoutMs}`);
    return file;
  } catch (error) {
    database.close();
    throw error;
  }
}

function liveFile(database: DatabaseSync, path: string): LiveFile {
  const inode = inodeOf(path);
  const selectLast = prepare(database, `SELECT seq FROM sqlite_sequence WHERE name = 'notices'`);
  const selectNotices = prepare(
    database,
    'SELECT notice FROM notices WHERE id > ? AND id <= ? AND store <> ? ORDER BY id',
  );
  const insertNotice = prepare(database, 'INSERT INTO notices (store, notice) VALUES (?, ?)');
  const selectUpTo = prepare(database, 'SELECT 1 FROM notices WHERE id <= ? LIMIT 1');
  const deleteUpTo = prepare(database, 'DELETE FROM notices WHERE id <= ?');
  const selectAny = prepare(database, 'SELECT 1 FROM notices LIMIT 1');
  const emptyLog = prepare(database, 'PRAGMA wal_checkpoint(TRUNCATE)');
  const upsertWatcher = prepare(
    database,
    'INSERT INTO watchers (store, seen) VALUES (?, ?) ON CONFLICT (store) DO UPDATE SET seen = excluded.seen',
  );
  const deleteWatchers = prepare(database, 'DELETE FROM watchers WHERE store = ? OR abs(seen - ?) > ?');
  // The difference is absolute, because the clock of the machine may be set back.
  const selectOther = prepare(
    database,
    'SELECT 1 FROM watchers WHERE store <> ? AND abs(seen - ?) <= ? LIMIT 1',
  );

  function lastId(): number {
    const row = selectLast.get();
    return row === undefined ? 0 : numberOf(row, 'seq');
  }

  function hasOthers(store: string, wallMs: number): boolean {
    return selectOther.get(store, wallMs, watcherHoldsMs) !== undefined;
  }

  function tidy(upTo: number): boolean {
    if (selectUpTo.get(upTo) !== undefined) deleteUpTo.run(upTo);
    if (selectAny.get() !== undefined) return false;
    const row = emptyLog.get();
    return row !== undefined && numberOf(row, 'busy') === 0;
  }

  return {
    lastId,
    hasOthers,
    tidy,
    beat: (store, wallMs) => {
      database.exec('BEGIN IMMEDIATE');
      deleteWatchers.run('', wallMs, watcherHoldsMs);
      upsertWatcher.run(store, wallMs);
      database.exec('COMMIT');
    },
    leave: (store, wallMs) => {
      deleteWatchers.run(store, wallMs, watcherHoldsMs);
      if (!hasOthers(store, wallMs)) tidy(lastId());
    },
    write: (store, notices) => {
      database.exec('BEGIN IMMEDIATE');
      for (const notice of notices) insertNotice.run(store, notice);
      database.exec('COMMIT');
    },
    read: (store, after, last) => selectNotices.all(after, last, store).map((row) => textOf(row, 'notice')),
    isCurrent: () => inodeOf(path) === inode,
    close: () => database.close(),
  };
}

/** Whether a damaged file has been a live file: by its application id, or because it has only zeros. */
function isOurs(path: string): boolean {
  const header = readFileSync(path).subarray(0, headerBytes);
  if (header.every((byte) => byte === 0)) return true;
  return header.length === headerBytes && header.readInt32BE(applicationIdAt) === applicationId;
}

/** Identifies a file. Undefined if the path has none. */
function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

/** Creates an empty file with the permissions of the database, because it will have parts of the database's texts. */
function createLike(database: string, path: string): void {
  if (existsSync(path)) return;
  const { mode, uid, gid } = statSync(database);
  const permissions = mode & 0o777;
  const file = openNew(path, permissions);
  if (file === undefined) return;
  try {
    if ((fstatSync(file).mode & 0o777) !== permissions) fchmodSync(file, permissions);
    if (process.getuid?.() === 0) fchownSync(file, uid, gid);
  } finally {
    closeSync(file);
  }
}

/** Returns undefined if another process has created the file in the meantime. */
function openNew(path: string, permissions: number): number | undefined {
  try {
    return openSync(path, 'wx', permissions);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined;
    throw error;
  }
}
