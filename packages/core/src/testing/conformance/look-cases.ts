import type { RunLook, RunStore } from '../../store/run-store.ts';
import { expectSame } from './expectations.ts';
import { sampleChange } from './sample-run.ts';
import type { StoreCase } from './store-case.ts';

const ttlMs = 30_000;

/**
 * Returns the looks of runs, sorted by run id. It compares each optional `commitId` with the expected one and omits it.
 */
function lookOf(store: RunStore): (...runIds: string[]) => Promise<Omit<RunLook, 'commitId'>[]> {
  return async (...runIds) => {
    const looks = (await store.look?.(runIds)) ?? [];
    const compared = looks.map(({ commitId, ...look }) => {
      const { runId, revision } = look;
      if (commitId !== undefined) expectSame(`commitId of ${runId}`, commitId, `${runId}/${revision}`);
      return look;
    });
    return compared.toSorted((a, b) => (a.runId < b.runId ? -1 : 1));
  };
}

const unknown = { revision: undefined, claimed: false, posted: false };

/** Reading the state of many runs with one query, if the store supports it. */
export const lookCases: readonly StoreCase[] = [
  {
    name: 'look: returns the revision, claim and inbox state of each requested run',
    needs: ['claims', 'inbox'],
    async check({ store }) {
      if (!store.look) return;
      const look = lookOf(store);
      expectSame('no runs', await look(), []);
      expectSame('a run that is not stored', await look('run-1'), [{ runId: 'run-1', ...unknown }]);
      await store.commit(sampleChange());
      await store.commit(sampleChange({ revision: 2 }));
      await store.commit(sampleChange({ runId: 'run-2' }));
      await store.claim?.('run-2', 'a', ttlMs);
      await store.post?.('run-3', 'for a run that is not stored yet');
      const saved = { runId: 'run-1', revision: 2, claimed: false, posted: false };
      expectSame('all', await look('run-3', 'run-1', 'run-2'), [
        saved,
        { runId: 'run-2', revision: 1, claimed: true, posted: false },
        { runId: 'run-3', revision: undefined, claimed: false, posted: true },
      ]);
      expectSame('one', await look('run-1'), [saved]);
    },
  },
  {
    name: 'look: reflects releases, commits and deletes, and does not delete messages',
    needs: ['claims', 'inbox'],
    async check({ store }) {
      if (!store.look) return;
      const look = lookOf(store);
      await store.commit(sampleChange());
      await store.claim?.('run-1', 'a', ttlMs);
      await store.post?.('run-1', 1);
      await look('run-1');
      expectSame('before', await look('run-1'), [
        { runId: 'run-1', revision: 1, claimed: true, posted: true },
      ]);
      const received = (await store.receive?.('run-1')) ?? [];
      expectSame('received', await look('run-1'), [
        { runId: 'run-1', revision: 1, claimed: true, posted: true },
      ]);
      await store.commit(sampleChange({ revision: 2, received: received.map(({ id }) => id) }));
      await store.release?.('run-1', 'a');
      expectSame('released', await look('run-1'), [
        { runId: 'run-1', revision: 2, claimed: false, posted: false },
      ]);
      await store.delete('run-1');
      expectSame('deleted', await look('run-1'), [{ runId: 'run-1', ...unknown }]);
    },
  },
  {
    name: 'look: reports an expired claim as not claimed',
    needs: ['claims', 'expiry'],
    async check({ store, clock }) {
      if (!store.look) return;
      const look = lookOf(store);
      await store.claim?.('run-1', 'a', ttlMs);
      const isClaimed = async (): Promise<boolean | undefined> => (await look('run-1'))[0]?.claimed;
      expectSame('after the claim', await isClaimed(), true);
      await clock.advance(ttlMs - 1);
      expectSame('1 ms before the end', await isClaimed(), true);
      await clock.advance(1);
      expectSame('at the end', await isClaimed(), false);
      expectSame('a rival', await store.claim?.('run-1', 'b', ttlMs), true);
      expectSame('taken', await isClaimed(), true);
    },
  },
  {
    name: 'look: returns thousands of runs in one call',
    needs: ['claims'],
    async check({ store }) {
      if (!store.look) return;
      const look = lookOf(store);
      const runIds = Array.from({ length: 3_000 }, (_, index) => `run-${String(index).padStart(4, '0')}`);
      for (const runId of runIds.slice(0, 20)) await store.claim?.(runId, 'a', ttlMs);
      const looks = await look(...runIds);
      expectSame(
        'runs',
        looks.map(({ runId }) => runId),
        runIds,
      );
      expectSame('claimed', looks.filter(({ claimed }) => claimed).length, 20);
    },
  },
];
