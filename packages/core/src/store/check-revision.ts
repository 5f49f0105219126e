import { StoreError } from '../errors/store-error.ts';
import type { RunCommit } from './run-store.ts';

/**
 * Decides what a commit does to what is stored now (I7), inside the store's own transaction.
 *
 * @returns false where this very change is stored already, and there is nothing left to do
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
      `Run ${runId} is not in the store, so revision ${revision} has nothing to follow. Was it deleted?`,
    );
  }
  // An answer that was lost makes a driver repeat its save: taking that for a rival's would stop the run for nothing.
  if (stored.commitId === change.commitId) return false;
  if (change.import === true) {
    throw new StoreError(
      'conflict',
      `Run ${runId} cannot be imported: the store has it, at revision ${stored.revision}.`,
    );
  }
  if (stored.revision === revision - 1) return true;
  throw new StoreError(
    'conflict',
    revision === 1
      ? `Run ${runId} exists already, at revision ${stored.revision}. Resume it, or start with another runId.`
      : `Run ${runId} is at revision ${stored.revision}, not at ${revision - 1}: another driver has saved it meanwhile.`,
  );
}
