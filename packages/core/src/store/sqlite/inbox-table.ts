import type { DatabaseSync } from 'node:sqlite';
import type { MessageRow } from '../message-reader.ts';
import { prepare, textOf } from './column.ts';

/** Stores messages for the process that drives a run. */
export interface InboxTable {
  post(runId: string, message: string): undefined;
  /** Oldest first. */
  receive(runId: string): MessageRow[];
  delete(runId: string, ids: readonly string[]): void;
}

export function inboxTable(database: DatabaseSync): InboxTable {
  const insertMessage = prepare(database, 'INSERT INTO inbox (run_id, message) VALUES (?, ?)');
  // As text: a row id may be too large for a JavaScript number, and an id that is not a number must not match a row.
  const selectMessages = prepare(
    database,
    'SELECT CAST(rowid AS TEXT) AS id, message FROM inbox WHERE run_id = ? ORDER BY rowid',
  );
  const deleteMessage = prepare(database, 'DELETE FROM inbox WHERE run_id = ? AND CAST(rowid AS TEXT) = ?');

  return {
    post: (runId, message) => {
      insertMessage.run(runId, message);
      return undefined;
    },
    receive: (runId) =>
      selectMessages.all(runId).map((row) => ({ id: textOf(row, 'id'), text: textOf(row, 'message') })),
    delete: (runId, ids) => {
      for (const id of ids) deleteMessage.run(runId, id);
    },
  };
}
