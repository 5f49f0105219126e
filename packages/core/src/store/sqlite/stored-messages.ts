import process from 'node:process';
import type { ReceivedMessage } from '../run-store.ts';
import type { MessageRow } from './calls.ts';

/**
 * Reads the rows of an inbox one by one, so that a damaged message does not affect the others. A damaged message
 * becomes `null`, and the process emits one warning for it. It stays in the table until a commit deletes it.
 */
export function messageReader(
  path: string,
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
      process.emitWarning(
        `${path}: ${fresh.length} of ${rows.length} messages for run ${runId} are damaged and have no effect. Send a decision or a cancel again if it had no effect.`,
        'LonghaulWarning',
      );
    }
    return messages;
  };
}
