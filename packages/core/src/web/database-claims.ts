import type { Clock } from '../clock/clock.ts';
import { monotonicNow } from '../clock/elapsed.ts';
import { OwnerSightings } from '../store/owner-sightings.ts';
import type { RunStore } from '../store/run-store.ts';
import type { DatabaseConnection } from './database-connection.ts';
import type { RunDatabase } from './run-database.ts';

type ClaimRecord = RunDatabase['claims']['value'];
type OwnerRecord = RunDatabase['owners']['value'];

/** Claims that are kept in the database, for pages that have no Web Locks. */
export function databaseClaims(
  { transact }: Pick<DatabaseConnection, 'transact'>,
  clock: Clock,
): Required<Pick<RunStore, 'claim' | 'look' | 'release' | 'renew'>> {
  const sightings = new OwnerSightings();

  /** Whether the claim is alive. Its owner may have been tidied away, and then it is not. */
  function isAlive(claim: ClaimRecord | undefined, owner: OwnerRecord | undefined, nowMs: number): boolean {
    return claim !== undefined && owner !== undefined && !sightings.isGone(claim.owner, owner, nowMs);
  }

  function renewed(owner: string, before: OwnerRecord | undefined, ttlMs: number): OwnerRecord {
    const renewals = (before?.renewals ?? Math.floor(Math.random() * 2 ** 31)) + 1;
    return { owner, renewals, ttlMs };
  }

  return {
    claim: (runId, owner, ttlMs) =>
      transact(`claim run ${runId}`, ['claims', 'owners'], 'readwrite', async (transaction) => {
        const claims = transaction.objectStore('claims');
        const owners = transaction.objectStore('owners');
        const claim = await claims.get(runId);
        const other =
          claim === undefined || claim.owner === owner ? undefined : await owners.get(claim.owner);
        if (isAlive(claim, other, monotonicNow(clock))) return false;
        await claims.put({ runId, owner });
        await owners.put(renewed(owner, await owners.get(owner), ttlMs));
        return true;
      }),

    release: (runId, owner) =>
      transact(`release run ${runId}`, ['claims'], 'readwrite', async ({ store }) => {
        if ((await store.get(runId))?.owner === owner) await store.delete(runId);
      }),

    renew: (owner, ttlMs) =>
      transact('renew claims', ['claims', 'owners'], 'readwrite', async (transaction) => {
        const held = await transaction.objectStore('claims').index('byOwner').getAllKeys(owner);
        const owners = transaction.objectStore('owners');
        // An owner that holds nothing is gone, or will be back with its next claim.
        if (held.length === 0) await owners.delete(owner);
        else await owners.put(renewed(owner, await owners.get(owner), ttlMs));
        return held;
      }),

    look: (runIds) =>
      transact('look at runs', ['runs', 'claims', 'owners', 'inbox'], 'readonly', async (transaction) => {
        const nowMs = monotonicNow(clock);
        const owners = new Map(
          (await transaction.objectStore('owners').getAll()).map((owner) => [owner.owner, owner]),
        );
        return Promise.all(
          runIds.map(async (runId) => {
            const [run, claim, messages] = await Promise.all([
              transaction.objectStore('runs').get(runId),
              transaction.objectStore('claims').get(runId),
              transaction.objectStore('inbox').index('byRun').count(runId),
            ]);
            return {
              runId,
              revision: run?.head.revision,
              claimed: isAlive(claim, claim && owners.get(claim.owner), nowMs),
              posted: messages > 0,
            };
          }),
        );
      }),
  };
}
