import process from 'node:process';
import type { InboxMessage } from '../run-store.ts';

/**
 * Messages from their texts, each for itself: they are no longer in the table, so one that is damaged must not lose the
 * others. It is named in a warning of the process, as the run has nothing left of it.
 */
export function storedMessages(path: string, runId: string, texts: readonly string[]): InboxMessage[] {
  const messages: InboxMessage[] = [];
  for (const text of texts) {
    try {
      messages.push(JSON.parse(text));
    } catch {
      // Counted below.
    }
  }
  const lost = texts.length - messages.length;
  if (lost > 0) {
    process.emitWarning(
      `${path}: ${lost} of ${texts.length} messages for run ${runId} were damaged, and are dropped. A decision or a cancel that has had no effect must be given again.`,
      'LonghaulWarning',
    );
  }
  return messages;
}
