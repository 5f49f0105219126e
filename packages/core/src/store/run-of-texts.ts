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
  return readTexts(runId, () => ({ head: JSON.parse(head), items: parsedItems(appended) }));
}

/**
 * Creates the items of a run from those of each commit, as JSON texts.
 *
 * @throws SnapshotError for text that is not JSON
 */
export function itemsOfTexts(runId: string, appended: readonly string[]): StoredItem[] {
  return readTexts(runId, () => parsedItems(appended));
}

function parsedItems(appended: readonly string[]): StoredItem[] {
  return appended.flatMap((items): StoredItem[] => JSON.parse(items));
}

function readTexts<T>(runId: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new SnapshotError(
      'unreadable_snapshot',
      `Run ${runId} cannot be read: its saved data is damaged (${errorMessage(error)}). Restore it from a backup, or delete it.`,
      { cause: error },
    );
  }
}
