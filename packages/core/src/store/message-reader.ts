import type { ReceivedMessage } from './run-store.ts';

/** A row of an inbox in a database. */
export interface MessageRow {
  readonly id: string;
  /** JSON, unless it is damaged. */
  readonly text: string;
}

/**
 * Reads the rows of an inbox one by one, so that a damaged message does not affect the others. A damaged message
 * becomes `null`, and causes one warning. It stays in the table until a commit deletes it.
 *
 * @param place The database, for the warning.
 */
export function messageReader(
  place: string,
  warn: (message: string) => void,
): (runId: string, rows: readonly MessageRow[]) => ReceivedMessage[] {
  const warned = new Set<string>();
  return (runId, rows) => {
    const damaged: string[] = [];
    const messages = rows.map(({ id, text }): ReceivedMessage => {
      try {
        return { id, message: JSON.parse(text) };
      } catch {
        damaged.push(id);
        return { id, message: null };
      }
    });
    const fresh = damaged.filter((id) => !warned.has(id));
    for (const id of fresh) warned.add(id);
    if (fresh.length > 0) {
      warn(
        `${place}: ${fresh.length} of ${rows.length} messages for run ${runId} are damaged and have no effect. Send a decision or a cancel again if it had no effect.`,
      );
    }
    return messages;
  };
}
