import type { MessageRow } from '../message-reader.ts';
import type { InboxMessage } from '../run-store.ts';
import type { Connection } from './connection.ts';
import { rawTextOf } from './row.ts';
import { textKey } from './text-key.ts';

/** Adds a message for the process that drives a run. */
export async function postMessage(
  { query, schema }: Connection,
  runId: string,
  message: InboxMessage,
): Promise<void> {
  const text = `INSERT INTO ${schema}.inbox (run_id, message) VALUES ($1, $2)`;
  await query(`post to run ${runId}`, text, [textKey(runId), JSON.stringify(message)]);
}

/** The messages of a run, oldest first. */
export async function readMessages({ query, schema }: Connection, runId: string): Promise<MessageRow[]> {
  const text = `SELECT id::text AS number, message FROM ${schema}.inbox WHERE run_id = $1 ORDER BY id`;
  const rows = await query(`receive for run ${runId}`, text, [textKey(runId)]);
  return rows.map((row) => ({ id: rawTextOf(row, 'number'), text: rawTextOf(row, 'message') }));
}
