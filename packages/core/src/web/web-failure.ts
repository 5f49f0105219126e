import { SnapshotError } from '../errors/snapshot-error.ts';
import { StoreError } from '../errors/store-error.ts';

/** Faults of the program, by the name of their `DOMException`: trying again would not help. */
const faults: ReadonlySet<string> = new Set([
  'ConstraintError',
  'DataCloneError',
  'DataError',
  'ReadOnlyError',
]);

/**
 * What the IndexedDB store throws where the browser threw `error`: `unavailable` for what may pass.
 *
 * @param action What was tried, as in "The store could not …".
 */
export function webFailure(error: unknown, action: string, name: string): unknown {
  if (!(error instanceof DOMException) || faults.has(error.name)) return error;
  if (error.name === 'VersionError') {
    return new SnapshotError(
      'newer_snapshot',
      `The store could not ${action}: the IndexedDB database ${name} was made by a newer version of this page. Reload it.`,
      { cause: error },
    );
  }
  const reason =
    error.name === 'QuotaExceededError'
      ? 'the browser gives this site no more room; delete runs that are over'
      : `${error.name}: ${error.message}`;
  return new StoreError(
    'unavailable',
    `The store could not ${action}: IndexedDB database ${name}: ${reason}`,
    {
      cause: error,
    },
  );
}
