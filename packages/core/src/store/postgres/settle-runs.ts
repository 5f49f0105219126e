import type { CompleteJobs, Settled, Settlement } from '../wake-store.ts';
import type { Connection, TransactionQuery } from './connection.ts';
import type { PostgresValue } from './pool.ts';
import { databaseOf } from './queued-runs.ts';
import { numberOf, textOf } from './row.ts';
import { textKey } from './text-key.ts';
import { terminalStatuses, waitingStatus } from '../undriven-runs.ts';

/** Rolls the transaction back, because a job of it is no longer current. */
class JobLost extends Error {}

/**
 * See `WakeStore.settle`. All settlements share one transaction. If one job is no longer current, each is repeated in a
 * transaction of its own.
 */
export async function settleRuns(
  connection: Connection,
  settlements: readonly Settlement[],
  complete: CompleteJobs,
): Promise<Settled[]> {
  try {
    return await connection.transaction('settle runs', async (query, foreign) => {
      const results = await writeRuns(connection.schema, query, settlements);
      const done = settlements.filter((_, index) => results[index] === 'settled');
      const jobs = done.map(({ job }) => job);
      if (jobs.length > 0 && (await complete(databaseOf(foreign), jobs)) < jobs.length) throw new JobLost();
      return results;
    });
  } catch (error) {
    if (!(error instanceof JobLost)) throw error;
  }
  if (settlements.length === 1) return ['lost'];
  const results: Settled[] = [];
  for (const one of settlements) results.push(...(await settleRuns(connection, [one], complete)));
  return results;
}

/** Writes what the runs wait for. The rows are locked first, so that the inboxes are read after other transactions. */
async function writeRuns(
  schema: string,
  query: TransactionQuery,
  settlements: readonly Settlement[],
): Promise<Settled[]> {
  const written = settlements.filter(({ type }) => type !== 'over');
  if (written.length === 0) return settlements.map(() => 'settled');
  const keys = written.map(({ runId }) => textKey(runId));
  const locked = await query(
    `SELECT run_id, revision::text AS revision, status FROM ${schema}.runs WHERE run_id = ANY ($1::text[])
     ORDER BY run_id FOR UPDATE`,
    [keys],
  );
  // A run that another worker has ended waits for nothing.
  const open = locked.filter((row) => !terminalStatuses.includes(textOf(row, 'status')));
  const revisions = new Map(open.map((row) => [textOf(row, 'run_id'), numberOf(row, 'revision')]));
  const awaiting = new Set(
    open.filter((row) => textOf(row, 'status') === waitingStatus).map((row) => textOf(row, 'run_id')),
  );
  // Another worker has saved the run since, so this worker does not know what the run waits for.
  const isCurrent = (one: Settlement): boolean =>
    one.type !== 'park' ||
    (revisions.get(one.runId) === one.revision && (one.waitMs !== null || awaiting.has(one.runId)));
  const current = written.filter((one) => revisions.has(one.runId) && isCurrent(one));
  const updated = current.length === 0 ? [] : await query(updating(schema), columnsOf(current));
  const settled = new Set(updated.map((row) => textOf(row, 'run_id')));
  return settlements.map((one) => {
    // A run that was deleted or is over needs no settlement, but its job is completed.
    if (one.type === 'over' || !revisions.has(one.runId)) return 'settled';
    if (!isCurrent(one)) return 'lost';
    return settled.has(one.runId) ? 'settled' : 'has_messages';
  });
}

function updating(schema: string): string {
  return `
    UPDATE ${schema}.runs AS r SET
      status_group = r.status,
      wake_at = CASE
        WHEN s.reason IS NOT NULL THEN NULL
        WHEN s.wait_ms IS NULL THEN 'infinity'
        ELSE clock_timestamp() + s.wait_ms * interval '1 millisecond' END,
      halted_reason = s.reason,
      halted_since = CASE WHEN s.reason IS NOT NULL THEN clock_timestamp() END,
      halted_version = s.version
    FROM unnest($1::text[], $2::float8[], $3::text[], $4::text[], $5::boolean[])
      AS s (run_id, wait_ms, reason, version, parks)
    WHERE r.run_id = s.run_id COLLATE "C"
      AND NOT (s.parks AND EXISTS (SELECT FROM ${schema}.inbox AS i WHERE i.run_id = s.run_id COLLATE "C"))
    RETURNING r.run_id`;
}

/** PostgreSQL has no longer intervals than some 100,000 years, and one bad delay would fail all settlements. */
const longestWaitMs = 100 * 365 * 86_400_000;

function bounded(waitMs: number): number {
  return Number.isNaN(waitMs) ? 0 : Math.min(Math.max(waitMs, 0), longestWaitMs);
}

/** The parameters of `updating`: an array for each column. */
function columnsOf(settlements: readonly Settlement[]): PostgresValue[] {
  const column = (value: (one: Settlement) => string | null): readonly (string | null)[] =>
    settlements.map(value);
  return [
    settlements.map(({ runId }) => textKey(runId)),
    column((one) => ('waitMs' in one && one.waitMs !== null ? String(bounded(one.waitMs)) : null)),
    column((one) => (one.type === 'halt' ? textKey(one.reason) : null)),
    column((one) => (one.type === 'halt' ? one.version : null)),
    column((one) => String(one.type === 'park')),
  ];
}
