import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { OwnerSightings } from '../owner-sightings.ts';
import type { RunLook, UndrivenRun } from '../run-store.ts';
import { busyStatuses, waitingStatus } from '../undriven-runs.ts';
import type { Call } from './calls.ts';
import { numberOf, optionalNumberOf, optionalTextOf, prepare, textOf } from './column.ts';

type Row = Record<string, SQLOutputValue>;

/** Stores which process drives which run. */
export interface ClaimTable {
  /** Whether another owner has a claim that has not expired. Writes nothing. */
  isRefused(call: Call<'claim'>): boolean;
  /** Returns false, and writes nothing, if another owner has a claim that has not expired. */
  claim(call: Call<'claim'>): boolean;
  isHeldBy(runId: string, owner: string): boolean;
  /** Returns false if the owner has no claim on the run. */
  release(runId: string, owner: string): boolean;
  holdsAny(owner: string): boolean;
  /** Renews all claims of an owner by writing one row. @returns the runs that the owner holds claims on */
  renew(owner: string, ttlMs: number): string[];
  look(runIds: readonly string[], nowMs: number): RunLook[];
  /** The runs that need a process and have no live claim, oldest first. */
  undriven(agents: readonly string[], nowMs: number): UndrivenRun[];
  /** The runs whose claims have expired since the last call. Writes nothing. */
  expired(nowMs: number): string[];
}

/**
 * The value of `until`, which is the expiry of a claim by the wall clock. Processes of older versions read this value,
 * if they have the file open during the migration. They treat a claim of this version as one that does not expire.
 */
const never = 9e15;
/** The counter of renewals restarts at 0 before this number, so that it stays a safe integer. */
const mostRenewals = 2 ** 50;
/** The time to live of claims of older versions, whose owners have no row in `owners`, in milliseconds. */
const formerTtlMs = 15_000;

export function claimTable(database: DatabaseSync): ClaimTable {
  const sightings = new OwnerSightings();
  /** The owners whose claims `expired` has returned. */
  const reported = new Set<string>();
  const selectClaim = prepare(
    database,
    `SELECT claims.run_id, claims.owner, until, renewals, ttl_ms
     FROM claims LEFT JOIN owners ON owners.owner = claims.owner WHERE claims.run_id = ?`,
  );
  const selectLooks = prepare(
    database,
    `SELECT asked.value AS run_id, revision, commit_id, claims.owner AS owner, until, renewals, ttl_ms
     FROM json_each(?) AS asked LEFT JOIN runs ON runs.run_id = asked.value
     LEFT JOIN claims ON claims.run_id = asked.value LEFT JOIN owners ON owners.owner = claims.owner`,
  );
  const selectPosted = prepare(database, 'SELECT DISTINCT run_id FROM inbox');
  // Two parts, each with its own index, so that neither finished runs nor runs that wait for a person are read. Without
  // the `+`, SQLite would read all runs that wait.
  const selectActive = prepare(
    database,
    `WITH active AS (
       SELECT run_id, agent, created_at FROM runs WHERE status IN (${busyStatuses.map(() => '?').join(', ')})
       UNION ALL SELECT run_id, agent, created_at FROM runs
       WHERE +status = '${waitingStatus}' AND run_id IN (SELECT run_id FROM inbox)
     )
     SELECT active.run_id, agent, claims.owner, until, renewals, ttl_ms
     FROM active LEFT JOIN claims ON claims.run_id = active.run_id LEFT JOIN owners ON owners.owner = claims.owner
     WHERE agent IN (SELECT value FROM json_each(?)) ORDER BY created_at, active.run_id`,
  );
  const upsertClaim = prepare(
    database,
    `INSERT INTO claims (run_id, owner, until) VALUES (?, ?, ${never}) ON CONFLICT (run_id) DO UPDATE
     SET owner = excluded.owner, until = excluded.until`,
  );
  const upsertOwner = prepare(
    database,
    `INSERT INTO owners (owner, renewals, ttl_ms) VALUES (?, ?, ?) ON CONFLICT (owner) DO UPDATE
     SET renewals = (renewals + 1) % ${mostRenewals}, ttl_ms = excluded.ttl_ms`,
  );
  const deleteClaim = prepare(database, 'DELETE FROM claims WHERE run_id = ? AND owner = ?');
  const selectAny = prepare(database, 'SELECT 1 FROM claims WHERE owner = ? LIMIT 1');
  const selectOwners = prepare(database, 'SELECT owner, renewals, ttl_ms FROM owners');
  const selectHeld = prepare(database, 'SELECT run_id FROM claims WHERE owner = ?');

  function isClaimed(row: Row, nowMs: number): boolean {
    return optionalTextOf(row, 'owner') !== undefined && !isGone(row, nowMs);
  }

  function isGone(row: Row, nowMs: number): boolean {
    const owner = textOf(row, 'owner');
    const renewals = optionalNumberOf(row, 'renewals');
    if (renewals === undefined) {
      const mark = { renewals: numberOf(row, 'until'), ttlMs: formerTtlMs };
      return sightings.isGone(`${owner} ${textOf(row, 'run_id')}`, mark, nowMs);
    }
    return sightings.isGone(owner, { renewals, ttlMs: numberOf(row, 'ttl_ms') }, nowMs);
  }

  function isRefused({ runId, owner, nowMs }: Call<'claim'>): boolean {
    const row = selectClaim.get(runId);
    return row !== undefined && textOf(row, 'owner') !== owner && !isGone(row, nowMs);
  }

  /** Whether this owner, of the table `owners`, no longer renews its claims, and was not reported before. */
  function isNewlyGone(row: Row, nowMs: number): boolean {
    const owner = textOf(row, 'owner');
    const wasReported = reported.delete(owner);
    if (!isGone(row, nowMs)) return false;
    reported.add(owner);
    return !wasReported;
  }

  /** The counter starts at a random number, so that an owner whose row was deleted does not appear unchanged. */
  function renewOwner(owner: string, ttlMs: number): void {
    upsertOwner.run(owner, Math.floor(Math.random() * 2 ** 31), ttlMs);
  }

  function isHeldBy(runId: string, owner: string): boolean {
    const row = selectClaim.get(runId);
    return row !== undefined && textOf(row, 'owner') === owner;
  }

  return {
    isRefused,
    claim: (call) => {
      if (isRefused(call)) return false;
      const { runId, owner, ttlMs } = call;
      renewOwner(owner, ttlMs);
      if (!isHeldBy(runId, owner)) upsertClaim.run(runId, owner);
      return true;
    },
    isHeldBy,
    release: (runId, owner) => deleteClaim.run(runId, owner).changes > 0,
    holdsAny: (owner) => selectAny.get(owner) !== undefined,
    renew: (owner, ttlMs) => {
      renewOwner(owner, ttlMs);
      return selectHeld.all(owner).map((row) => textOf(row, 'run_id'));
    },
    expired: (nowMs) =>
      selectOwners
        .all()
        .filter((row) => isNewlyGone(row, nowMs))
        .flatMap((row) => selectHeld.all(textOf(row, 'owner')))
        .map((row) => textOf(row, 'run_id')),
    look: (runIds, nowMs) => {
      // Almost no run has messages, so one query for all is cheaper than one per run.
      const posted = new Set(selectPosted.all().map((row) => textOf(row, 'run_id')));
      return selectLooks.all(JSON.stringify(runIds)).map((row) => {
        const runId = textOf(row, 'run_id');
        return {
          runId,
          revision: optionalNumberOf(row, 'revision'),
          commitId: optionalTextOf(row, 'commit_id'),
          claimed: isClaimed(row, nowMs),
          posted: posted.has(runId),
        };
      });
    },
    undriven: (agents, nowMs) =>
      selectActive
        .all(...busyStatuses, JSON.stringify(agents))
        .filter((row) => !isClaimed(row, nowMs))
        .map((row) => ({ runId: textOf(row, 'run_id'), agent: textOf(row, 'agent') })),
  };
}
