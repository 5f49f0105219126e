import type { RunStore } from '../../store/run-store.ts';
import { expectSame } from './expectations.ts';
import type { StoreCase } from './store-case.ts';

const ttlMs = 30_000;

function renewOf(store: RunStore): (owner: string) => Promise<string[]> {
  return async (owner) => ((await store.renew?.(owner, ttlMs)) ?? []).toSorted();
}

async function claimAll(store: RunStore, owner: string, runIds: readonly string[]): Promise<void> {
  for (const runId of runIds) expectSame(`claim of ${runId}`, await store.claim?.(runId, owner, ttlMs), true);
}

/** Renewing all claims of an owner in one call, if the store supports it. */
export const renewCases: readonly StoreCase[] = [
  {
    name: 'renew: returns exactly the runs that the owner has claims on',
    needs: ['claims'],
    async check({ store }) {
      if (!store.renew) return;
      const renew = renewOf(store);
      expectSame('before any claim', await renew('a'), []);
      await claimAll(store, 'a', ['run-1', 'run-2', 'run-3']);
      await claimAll(store, 'b', ['run-4']);
      expectSame('claims of a', await renew('a'), ['run-1', 'run-2', 'run-3']);
      expectSame('claims of b', await renew('b'), ['run-4']);
      await store.release?.('run-2', 'a');
      expectSame('after a release, claims of a', await renew('a'), ['run-1', 'run-3']);
      expectSame('the released run', await store.claim?.('run-2', 'b', ttlMs), true);
      expectSame('claims of b after its new claim', await renew('b'), ['run-2', 'run-4']);
    },
  },
  {
    name: 'renew: renews all claims of the owner, and no other claims',
    needs: ['claims', 'expiry'],
    async check({ store, clock }) {
      if (!store.renew) return;
      const renew = renewOf(store);
      const rival = (runId: string): Promise<boolean> | undefined => store.claim?.(runId, 'rival', ttlMs);
      await claimAll(store, 'a', ['run-1', 'run-2']);
      await claimAll(store, 'b', ['run-3']);
      for (const runId of ['run-1', 'run-2', 'run-3'])
        expectSame(`rival, ${runId}`, await rival(runId), false);
      await clock.advance(ttlMs - 1);
      await renew('a');
      for (const runId of ['run-1', 'run-2']) expectSame(`rival after, ${runId}`, await rival(runId), false);
      await clock.advance(1);
      expectSame('rival, the claim that was not renewed', await rival('run-3'), true);
      await clock.advance(ttlMs - 2);
      expectSame('rival 1 ms before the end', await rival('run-1'), false);
      await clock.advance(1);
      for (const runId of ['run-1', 'run-2'])
        expectSame(`rival at the end, ${runId}`, await rival(runId), true);
    },
  },
  {
    name: 'renew: omits a claim that another owner has taken, and does not change it',
    needs: ['claims', 'expiry'],
    async check({ store, clock }) {
      if (!store.renew) return;
      const renew = renewOf(store);
      await claimAll(store, 'a', ['run-1', 'run-2']);
      expectSame('rival', await store.claim?.('run-1', 'b', ttlMs), false);
      await clock.advance(ttlMs);
      await claimAll(store, 'b', ['run-1']);
      expectSame('claims of a', await renew('a'), ['run-2']);
      expectSame('claims of b', await renew('b'), ['run-1']);
    },
  },
  {
    name: 'renew: applies to other stores over the same data',
    needs: ['claims', 'expiry', 'sharing'],
    async check({ store, open, clock }) {
      if (!store.renew) return;
      const other = await open();
      await claimAll(store, 'a', ['run-1']);
      for (let round = 0; round < 5; round += 1) {
        expectSame(`rival in round ${round}`, await other.claim?.('run-1', 'b', ttlMs), false);
        await clock.advance(ttlMs / 2);
        await renewOf(store)('a');
      }
    },
  },
];
