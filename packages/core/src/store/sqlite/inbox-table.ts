import type { DatabaseSync } from 'node:sqlite';
import { numberOf, prepare, textOf } from './column.ts';

/** Messages for whoever drives a run. */
export interface InboxTable {
  isEmpty(runId: string): boolean;
  post(runId: string, message: string): undefined;
  /** One that is damaged is taken with the others: else it would fail them each time. */
  receive(runId: string): string[];
}

export function inboxTable(database: DatabaseSync): InboxTable {
  const insertMessage = prepare(database, 'INSERT INTO inbox (run_id, message) VALUES (?, ?)');
  const findMessage = prepare(database, 'SELECT 1 FROM inbox WHERE run_id = ? LIMIT 1');
  const takeMessages = prepare(database, 'DELETE FROM inbox WHERE run_id = ? RETURNING id, message');

  return {
    isEmpty: (runId) => findMessage.get(runId) === undefined,
    post: (runId, message) => {
      insertMessage.run(runId, message);
      return undefined;
    },
    receive: (runId) =>
      takeMessages
        .all(runId)
        .toSorted((a, b) => numberOf(a, 'id') - numberOf(b, 'id'))
        .map((row) => textOf(row, 'message')),
  };
}
