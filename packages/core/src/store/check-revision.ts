import { StoreError } from '../errors/store-error.ts';
import type { RunCommit } from './run-store.ts';

/**
 * Checks a commit against the stored run (I7). It is called inside the store's own transaction.
 *
 * @returns false if this commit is already stored, and nothing is left to do
 * @throws StoreError `conflict`
 */
export function checkRevision(
  stored: { readonly revision: number; readonly commitId: string } | undefined,
  change: Pick<RunCommit, 'commitId' | 'import' | 'revision' | 'runId'>,
): boolean {
  const { runId, revision } = change;
  if (stored === undefined) {
    if (revision === 1 || change.import === true) return true;
    throw new StoreError(
      'conflict',
      `Run ${runId} is not in the store, so revision ${revision} cannot be saved. It may have been deleted.`,
    );
  }
  // A driver repeats its save if the answer was lost. That is not a conflict, and must not stop the run.
  if (stored.commitId === change.commitId) return false;
  if (change.import === true) {
    throw new StoreError(
      'conflict',
      `Run ${runId} cannot be imported: it is already in the store, at revision ${stored.revision}.`,
    );
  }
  if (stored.revision === revision - 1) return true;
  throw new StoreError(
    'conflict',
    revision === 1
      ? `Run ${runId} already exists, at revision ${stored.revision}. Resume it, or start with another runId.`
      : `Run ${runId} is at revision ${stored.revision}, not at ${revision - 1}: another driver has saved it since.`,
  );
}
