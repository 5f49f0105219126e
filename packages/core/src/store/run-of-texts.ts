import { errorMessage } from '../errors/error-message.ts';
import { SnapshotError } from '../errors/snapshot-error.ts';
import type { StoredItem } from '../engine/stored-item.ts';
import type { RunSnapshot } from './run-store.ts';

/**
 * Creates a run from its head and the items of each commit, as the JSON texts of a database.
 *
 * @throws SnapshotError for text that is not JSON
 */
export function runOfTexts(runId: string, texts: readonly string[]): RunSnapshot | undefined {
  const [head, ...appended] = texts;
  if (head === undefined) return undefined;
  try {
    return { head: JSON.parse(head), items: appended.flatMap((items): StoredItem[] => JSON.parse(items)) };
  } catch (error) {
    throw new SnapshotError(
      'unreadable_snapshot',
      `Run ${runId} cannot be read: its saved data is damaged (${errorMessage(error)}). Restore it from a backup, or delete it.`,
      { cause: error },
    );
  }
}
