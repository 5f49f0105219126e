import { runStatuses } from '../undriven-runs.ts';
import type { TakenRun } from '../wake-store.ts';
import type { RunStatus } from '../../engine/view/run-view.ts';
import type { RunSnapshot } from '../run-store.ts';
import { runOfTexts } from '../run-of-texts.ts';
import type { Connection } from './connection.ts';
import { isTrue, numberOf, rawTextOf, textOf, type Row } from './row.ts';
import { textKey } from './text-key.ts';

/** See `WakeStore.take`. One statement for all runs. The items are those of `loadRecent`. */
export async function takeRuns(
  { query, schema }: Connection,
  runIds: readonly string[],
): Promise<TakenRun[]> {
  const rows = await query(
    'take runs',
    `SELECT r.run_id, r.agent, r.status, r.head, (r.halted_since IS NOT NULL)::text AS halted,
       r.resume_manual::text AS manual,
       EXISTS (SELECT FROM ${schema}.inbox AS i WHERE i.run_id = r.run_id)::text AS posted,
       EXISTS (SELECT FROM ${schema}.watches AS w WHERE w.run_id = r.run_id AND w.until > now())::text AS watched,
       recent.items, coalesce(recent.first, r.item_count)::text AS omitted
     FROM unnest($1::text[]) AS asked (run_id), LATERAL (
       SELECT * FROM ${schema}.runs WHERE runs.run_id = asked.run_id LIMIT 1
     ) AS r, LATERAL (
       SELECT string_agg(i.items, ',' ORDER BY i.position) AS items, min(i.position) AS first
       FROM ${schema}.items AS i
       WHERE i.run_id = r.run_id AND i.position > coalesce((
         SELECT e.position FROM ${schema}.items AS e
         WHERE e.run_id = r.run_id AND e.iteration < r.iteration - 1 ORDER BY e.position DESC LIMIT 1
       ), -1)
     ) AS recent`,
    [runIds.map(textKey)],
  );
  return rows.map(takenRun);
}

function takenRun(row: Row): TakenRun {
  return {
    runId: textOf(row, 'run_id'),
    agent: textOf(row, 'agent'),
    status: statusOf(textOf(row, 'status')),
    snapshot: snapshotOf(row),
    omitted: numberOf(row, 'omitted'),
    isHalted: isTrue(row, 'halted'),
    isManual: isTrue(row, 'manual'),
    isWatched: isTrue(row, 'watched'),
    hasMessages: isTrue(row, 'posted'),
  };
}

/** A status of another version counts as one that is not over, so the run is not completed. */
function statusOf(status: string): RunStatus {
  return isStatus(status) ? status : 'in_progress';
}

function isStatus(status: string): status is RunStatus {
  return runStatuses.includes(status);
}

function snapshotOf(row: Row): RunSnapshot | undefined {
  try {
    // The items of each save are an array.
    const saved = runOfTexts(textOf(row, 'run_id'), [rawTextOf(row, 'head'), `[${rawTextOf(row, 'items')}]`]);
    return saved && { head: saved.head, items: saved.items.flat() };
  } catch {
    return undefined;
  }
}
