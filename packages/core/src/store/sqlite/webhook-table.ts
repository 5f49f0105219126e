import type { DatabaseSync } from 'node:sqlite';
import { rememberWebhooksMs } from '../remembered-webhooks.ts';
import { prepare, textOf } from './column.ts';

/** Stores the webhooks of responses that no saved run waits for, and finds the run that waits for a response. */
export interface WebhookTable {
  /**
   * The keys and heads of runs that may wait for a response. The column may be out of date, because processes of older
   * versions do not write it.
   */
  findByResponse(responseId: string): string[][];
  remember(responseId: string, nowMs: number): undefined;
  isRemembered(responseId: string, nowMs: number): boolean;
  /** @returns whether the webhook was remembered */
  take(responseId: string, nowMs: number): boolean;
}

export function webhookTable(database: DatabaseSync): WebhookTable {
  const selectRuns = prepare(database, 'SELECT run_id, head FROM runs WHERE response_id = ?');
  const insert = prepare(
    database,
    `INSERT INTO webhooks (response_id, received_at) VALUES (?, ?) ON CONFLICT (response_id) DO UPDATE
     SET received_at = excluded.received_at`,
  );
  const deleteOld = prepare(database, 'DELETE FROM webhooks WHERE received_at <= ?');
  const select = prepare(database, 'SELECT 1 FROM webhooks WHERE response_id = ? AND received_at > ?');
  const deleteOne = prepare(database, 'DELETE FROM webhooks WHERE response_id = ? AND received_at > ?');

  return {
    findByResponse: (responseId) =>
      selectRuns.all(responseId).map((row) => [textOf(row, 'run_id'), textOf(row, 'head')]),
    remember: (responseId, nowMs) => {
      deleteOld.run(nowMs - rememberWebhooksMs);
      insert.run(responseId, nowMs);
      return undefined;
    },
    isRemembered: (responseId, nowMs) => select.get(responseId, nowMs - rememberWebhooksMs) !== undefined,
    take: (responseId, nowMs) => deleteOne.run(responseId, nowMs - rememberWebhooksMs).changes > 0,
  };
}
