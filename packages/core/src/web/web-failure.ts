import { SnapshotError } from '../errors/snapshot-error.ts';
import { StoreError } from '../errors/store-error.ts';

/** Faults of the program, by the name of their `DOMException`. Retrying would not help. */
const faults: ReadonlySet<string> = new Set([
  'ConstraintError',
  'DataCloneError',
  'DataError',
  'ReadOnlyError',
]);

/**
 * Converts an error of the browser: to `StoreError` `unavailable` if the failure may be transient, and to
 * `SnapshotError` if the database has a newer version. Other errors are returned unchanged.
 *
 * @param action Completes the error message “The store could not …”.
 */
export function webFailure(error: unknown, action: string, name: string): unknown {
  if (!(error instanceof DOMException) || faults.has(error.name)) return error;
  if (error.name === 'VersionError') {
    return new SnapshotError(
      'newer_snapshot',
      `The store could not ${action}: the IndexedDB database ${name} was changed by a newer version of this page. Reload the page.`,
      { cause: error },
    );
  }
  const reason =
    error.name === 'QuotaExceededError'
      ? 'the storage quota of this site is used up; delete finished runs'
      : `${error.name}: ${error.message}`;
  return new StoreError(
    'unavailable',
    `The store could not ${action}: IndexedDB database ${name}: ${reason}`,
    {
      cause: error,
    },
  );
}
