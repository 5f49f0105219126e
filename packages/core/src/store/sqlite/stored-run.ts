import { errorMessage } from '../../errors/error-message.ts';
import { SnapshotError } from '../../errors/snapshot-error.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import { isJsonObject } from '../../wire/json.ts';
import type { RunHead, RunSnapshot } from '../run-store.ts';
import type { ListedRow } from './calls.ts';
import { runIdOfKey } from './run-key.ts';

/**
 * A run from its head and the items of each commit, as text.
 *
 * @throws SnapshotError for text that is not JSON
 */
export function storedRun(runId: string, texts: readonly string[]): RunSnapshot | undefined {
  const [head, ...appended] = texts;
  if (head === undefined) return undefined;
  try {
    return { head: JSON.parse(head), items: appended.flatMap((items): StoredItem[] => JSON.parse(items)) };
  } catch (error) {
    throw new SnapshotError(
      'unreadable_snapshot',
      `Run ${runId} cannot be read: what is saved of it is damaged (${errorMessage(error)}). Restore it from a backup, or delete it.`,
      { cause: error },
    );
  }
}

/**
 * A head for a list. One that is damaged is listed by what the table knows without it: then the list is whole, and
 * whoever loads the run hears what is wrong.
 */
export function listedHead({ head: text, ...columns }: ListedRow): RunHead {
  const head = jsonOf(text);
  const { status, revision, commitId } = columns;
  // Without a key nothing names the run. The reader of the list reports it.
  const runId = runIdOfKey(columns.runId) || undefined;
  const isWhole =
    isJsonObject(head) &&
    head['runId'] === runId &&
    head['status'] === status &&
    head['revision'] === revision &&
    head['commitId'] === commitId;
  // As text, for a head of another version is not of this one's type, and a damaged one of none.
  return JSON.parse(isWhole ? text : JSON.stringify({ ...columns, runId, updatedAt: columns.createdAt }));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
