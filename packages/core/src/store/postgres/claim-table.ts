import type { RunLook, UndrivenRun } from '../run-store.ts';
import { waitingStatus } from '../undriven-runs.ts';
import type { Connection } from './connection.ts';
import { endOf, renewing } from './renewing.ts';
import { isTrue, optionalNumberOf, optionalTextOf, textOf } from './row.ts';
import { activeGroup } from './status-group.ts';
import { textKey } from './text-key.ts';

/** Upper limit of a claim's time to live, in milliseconds. */
const longestTtlMs = 3_600_000;

/** Stores which process drives which run. Claims expire by the clock of the database. */
export interface ClaimTable {
  claim(runId: string, owner: string, ttlMs: number): Promise<boolean>;
  /** Returns false if the owner has no claim on the run. */
  release(runId: string, owner: string): Promise<boolean>;
  /** Renews all claims of an owner by writing one row. @returns the runs that the owner holds claims on */
  renew(owner: string, ttlMs: number): Promise<string[]>;
  look(runIds: readonly string[]): Promise<RunLook[]>;
  undriven(agents: readonly string[]): Promise<UndrivenRun[]>;
}

/** A claim's time to live, as PostgreSQL reads it. */
function ttl(ms: number): number {
  return Math.min(ms, longestTtlMs);
}

export function claimTable(connection: Connection): ClaimTable {
  const { schema } = connection;
  const query = connection.query.bind(connection);

  /**
   * Whether a claim has not expired. Its own end counts, and so does that of its owner. A process that has waited for the
   * row of a claim reads the new row of the claim, but an old row of the owner.
   */
  const isLive = (claim: string): string =>
    `(${claim}.until > clock_timestamp() OR coalesce(
      (SELECT o.until > clock_timestamp() FROM ${schema}.owners AS o WHERE o.owner = ${claim}.owner LIMIT 1), false))`;

  // A refused claim writes nothing. The condition of the update is for a process that claims at the same time. Workers
  // drive queued runs, without claims.
  const claiming = `
    WITH taken AS (
      INSERT INTO ${schema}.claims AS c (run_id, owner, until)
      SELECT $1, $2, ${endOf('$3')}
      WHERE NOT EXISTS (SELECT FROM ${schema}.runs WHERE run_id = $1 AND queued)
        AND NOT EXISTS (SELECT FROM ${schema}.claims AS h WHERE h.run_id = $1 AND h.owner <> $2 AND ${isLive('h')})
      ON CONFLICT (run_id) DO UPDATE SET owner = excluded.owner, until = excluded.until
        WHERE c.owner = excluded.owner OR NOT ${isLive('c')}
      RETURNING owner
    ), renewed AS (
      INSERT INTO ${schema}.owners (owner, until) SELECT owner, ${endOf('$3')} FROM taken
      ON CONFLICT (owner) DO UPDATE SET until = excluded.until
    )
    SELECT 1 FROM taken`;
  // `LIMIT 1`, here and below, makes PostgreSQL search the index for each run, instead of reading the whole table.
  const looking = `
    SELECT asked.run_id, r.revision::text AS revision, r.commit_id, r.halted::text AS halted,
      (coalesce(r.queued, false) OR coalesce((SELECT ${isLive('c')} FROM ${schema}.claims AS c
        WHERE c.run_id = asked.run_id LIMIT 1), false))::text AS claimed,
      (SELECT 'true' FROM ${schema}.inbox AS i WHERE i.run_id = asked.run_id LIMIT 1) AS posted
    FROM unnest($1::text[]) AS asked (run_id)
    LEFT JOIN LATERAL (
      SELECT revision, commit_id, queued, halted_since IS NOT NULL AS halted FROM ${schema}.runs
      WHERE runs.run_id = asked.run_id LIMIT 1
    ) AS r ON true`;
  // The recursion searches the index once for each run that has messages.
  const finding = `
    WITH RECURSIVE posted AS (
      (SELECT run_id FROM ${schema}.inbox ORDER BY run_id LIMIT 1)
      UNION ALL SELECT (SELECT i.run_id FROM ${schema}.inbox AS i WHERE i.run_id > posted.run_id
        ORDER BY i.run_id LIMIT 1) FROM posted WHERE posted.run_id IS NOT NULL
    )
    SELECT run_id, agent FROM (
      SELECT run_id, agent, created_at FROM ${schema}.runs
      WHERE NOT queued AND status_group = '${activeGroup}'
      UNION ALL SELECT r.run_id, r.agent, r.created_at
      FROM posted, LATERAL (
        SELECT run_id, agent, created_at FROM ${schema}.runs
        WHERE runs.run_id = posted.run_id AND NOT queued AND status = '${waitingStatus}' LIMIT 1
      ) AS r
    ) AS active
    WHERE agent = ANY ($1::text[]) AND coalesce(
      (SELECT NOT ${isLive('c')} FROM ${schema}.claims AS c WHERE c.run_id = active.run_id LIMIT 1), true)
    ORDER BY created_at, run_id`;

  return {
    claim: async (runId, owner, ttlMs) => {
      const values = [textKey(runId), textKey(owner), ttl(ttlMs)];
      return (await query(`claim run ${runId}`, claiming, values)).length > 0;
    },

    release: async (runId, owner) => {
      const text = `DELETE FROM ${schema}.claims WHERE run_id = $1 AND owner = $2 RETURNING 1`;
      const values = [textKey(runId), textKey(owner)];
      return (await query(`release run ${runId}`, text, values)).length > 0;
    },

    renew: async (owner, ttlMs) => {
      const rows = await query('renew claims', renewing(schema), [textKey(owner), ttl(ttlMs)]);
      return rows.map((row) => textOf(row, 'run_id'));
    },

    look: async (runIds) => {
      const rows = await query('look at runs', looking, [runIds.map(textKey)]);
      return rows.map((row) => ({
        runId: textOf(row, 'run_id'),
        revision: optionalNumberOf(row, 'revision'),
        commitId: optionalTextOf(row, 'commit_id'),
        claimed: isTrue(row, 'claimed'),
        posted: isTrue(row, 'posted'),
        ...(isTrue(row, 'halted') && { halted: true }),
      }));
    },

    undriven: async (agents) => {
      const rows = await query('find undriven runs', finding, [agents.map(textKey)]);
      return rows.map((row) => ({ runId: textOf(row, 'run_id'), agent: textOf(row, 'agent') }));
    },
  };
}
