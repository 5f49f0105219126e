import { SnapshotError } from '../../errors/snapshot-error.ts';
import { StoreError } from '../../errors/store-error.ts';

/** Primary result codes of failures that may be transient: https://www.sqlite.org/rescode.html */
const passing: ReadonlyMap<number, string> = new Map([
  [5, 'another process is writing to it'], // SQLITE_BUSY
  [6, 'another process is writing to it'], // SQLITE_LOCKED
  [7, 'not enough memory is available'], // SQLITE_NOMEM
  [10, 'the disk failed to read or write'], // SQLITE_IOERR
  [13, 'the disk is full'], // SQLITE_FULL
  [14, 'the file cannot be opened; its folder must exist and be writable'], // SQLITE_CANTOPEN
  [15, 'another process is opening it'], // SQLITE_PROTOCOL
]);

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const damaged: ReadonlySet<number> = new Set([11, 26]);

/** Returns the primary result code of an error of SQLite, otherwise undefined. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  // The lower byte. The other bytes distinguish variants of the same failure.
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** The error of a closed store, for a call that was not performed. */
export function closedFailure(action: string, path: string): StoreError {
  return new StoreError(
    'unavailable',
    `The store could not ${action}: ${path} was closed. Close it after runner.close().`,
  );
}

/**
 * Converts an error of SQLite: to `StoreError` `unavailable` if the failure may be transient, so that driving waits,
 * and to `SnapshotError` if the file is damaged. Other errors are returned unchanged.
 *
 * @param action Completes the error message “The store could not …”.
 */
export function sqliteFailure(error: unknown, action: string, path: string): unknown {
  const code = resultCode(error);
  if (code === undefined) return error;
  const reason = passing.get(code);
  if (reason !== undefined) {
    return new StoreError('unavailable', `The store could not ${action}: ${path}: ${reason}.`, {
      cause: error,
    });
  }
  if (damaged.has(code)) {
    return new SnapshotError(
      'unreadable_snapshot',
      `The store could not ${action}: ${path} is damaged, or not an SQLite database. Restore it from a backup.`,
      { cause: error },
    );
  }
  return error;
}
