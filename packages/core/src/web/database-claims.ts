import { monotonicNow, type Clock } from '../clock/clock.ts';
import { OwnerSightings } from '../store/owner-sightings.ts';
import type { RunStore } from '../store/run-store.ts';
import { needsProcess, openStatuses } from '../store/undriven-runs.ts';
import type { DatabaseConnection } from './database-connection.ts';
import type { RunDatabase } from './run-database.ts';

type ClaimRecord = RunDatabase['claims']['value'];

/**
 * The value of `until`, which is the expiry of a claim by the wall clock. Tabs with an older version of the page read
 * it. They treat a claim of this version as one that does not expire.
 */
const never = Number.MAX_SAFE_INTEGER;
/**
 * Claims of older tabs have no `ttlMs`; it was 15 s. They have no counter either. Their `until`, which each renewal
 * changes, is used in its place.
 */
const formerTtlMs = 15_000;

/** Claims that are stored in the database, for pages without Web Locks. */
export function databaseClaims(
  { transact }: Pick<DatabaseConnection, 'transact'>,
  clock: Clock,
): Required<Pick<RunStore, 'claim' | 'look' | 'release' | 'renew' | 'undriven'>> {
  const sightings = new OwnerSightings();

  function isAlive({ runId, owner, until, renewals = until, ttlMs = formerTtlMs }: ClaimRecord): boolean {
    return !sightings.isGone(`${owner} ${runId}`, { renewals, ttlMs }, monotonicNow(clock));
  }

  /** The counter starts at a random number, so that a new claim differs from the previous one. */
  function renewed(
    before: ClaimRecord | undefined,
    runId: string,
    owner: string,
    ttlMs: number,
  ): ClaimRecord {
    const begin = Math.floor(Math.random() * 2 ** 31);
    const renewals = before?.owner === owner ? (before.renewals ?? begin) + 1 : begin;
    return { runId, owner, until: never, renewals, ttlMs };
  }

  return {
    claim: (runId, owner, ttlMs) =>
      transact(`claim run ${runId}`, ['claims'], 'readwrite', async ({ store }) => {
        const claim = await store.get(runId);
        if (claim !== undefined && claim.owner !== owner && isAlive(claim)) return false;
        await store.put(renewed(claim, runId, owner, ttlMs));
        return true;
      }),

    release: (runId, owner) =>
      transact(`release run ${runId}`, ['claims'], 'readwrite', async ({ store }) => {
        if ((await store.get(runId))?.owner === owner) await store.delete(runId);
      }),

    renew: (owner, ttlMs) =>
      transact('renew claims', ['claims'], 'readwrite', async ({ store }) => {
        const held = (await store.getAll()).filter((claim) => claim.owner === owner);
        await Promise.all(held.map((claim) => store.put(renewed(claim, claim.runId, owner, ttlMs))));
        return held.map(({ runId }) => runId);
      }),

    look: (runIds) =>
      transact('look at runs', ['runs', 'claims', 'inbox'], 'readonly', (transaction) =>
        Promise.all(
          runIds.map(async (runId) => {
            const [run, claim, messages] = await Promise.all([
              transaction.objectStore('runs').get(runId),
              transaction.objectStore('claims').get(runId),
              transaction.objectStore('inbox').index('byRun').count(runId),
            ]);
            const claimed = claim !== undefined && isAlive(claim);
            const { revision, commitId } = run?.head ?? {};
            return { runId, revision, commitId, claimed, posted: messages > 0 };
          }),
        ),
      ),

    undriven: (agents) =>
      transact('find undriven runs', ['runs', 'claims', 'inbox'], 'readonly', async (transaction) => {
        const byStatus = transaction.objectStore('runs').index('byStatus');
        const active = await Promise.all(openStatuses.map((status) => byStatus.getAll(status)));
        const heads = active.flat().flatMap(({ head }) => (agents.includes(head.agent) ? [head] : []));
        const found = await Promise.all(
          heads.map(async (head) => {
            const [claim, messages] = await Promise.all([
              transaction.objectStore('claims').get(head.runId),
              transaction.objectStore('inbox').index('byRun').count(head.runId),
            ]);
            const isClaimed = claim !== undefined && isAlive(claim);
            return !isClaimed && needsProcess(head.status, messages > 0) ? [head] : [];
          }),
        );
        const sorted = found.flat().toSorted((a, b) => a.createdAt - b.createdAt);
        return sorted.map(({ runId, agent }) => ({ runId, agent }));
      }),
  };
}
