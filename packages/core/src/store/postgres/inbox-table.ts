import type { MessageRow } from '../message-reader.ts';
import type { InboxMessage } from '../run-store.ts';
import type { Connection, Querying } from './connection.ts';
import { rawTextOf } from './row.ts';
import { textKey } from './text-key.ts';

/**
 * Adds a message for the process that drives a run. A parked run of a queue becomes due. The update locks the run, even
 * if it is not parked, so that a worker that parks it at the same time finds the message.
 */
export async function postMessage(
  { query, schema }: Querying,
  runId: string,
  message: InboxMessage,
): Promise<void> {
  const text = `
    WITH run AS (UPDATE ${schema}.runs SET wake_at = CASE WHEN wake_at IS NOT NULL THEN least(wake_at, now()) END WHERE run_id = $1 AND queued)
    INSERT INTO ${schema}.inbox (run_id, message) VALUES ($1, $2)`;
  await query(`post to run ${runId}`, text, [textKey(runId), JSON.stringify(message)]);
}

/** The messages of a run, oldest first. */
export async function readMessages({ query, schema }: Connection, runId: string): Promise<MessageRow[]> {
  const text = `SELECT id::text AS number, message FROM ${schema}.inbox WHERE run_id = $1 ORDER BY id`;
  const rows = await query(`receive for run ${runId}`, text, [textKey(runId)]);
  return rows.map((row) => ({ id: rawTextOf(row, 'number'), text: rawTextOf(row, 'message') }));
}
