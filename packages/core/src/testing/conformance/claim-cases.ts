import type { RunStore } from '../../store/run-store.ts';
import { expectSame } from './expectations.ts';
import { sampleChange } from './sample-run.ts';
import type { StoreCase } from './store-case.ts';

const ttlMs = 30_000;
const hourMs = 3_600_000;

interface Claims {
  claim(runId: string, owner: string): Promise<boolean>;
  release(runId: string, owner: string): Promise<void>;
}

function claimsOf(store: RunStore): Claims {
  if (!store.claim || !store.release)
    throw new Error("The store has no claim and release: name 'claims' in `omit`.");
  return {
    claim: async (runId, owner) => (await store.claim?.(runId, owner, ttlMs)) ?? false,
    release: async (runId, owner) => store.release?.(runId, owner),
  };
}

/** Claims: at most one owner holds the claim of a run. */
export const claimCases: readonly StoreCase[] = [
  {
    name: 'claim: the first owner gets it, even for a run that is not stored, and can renew it',
    needs: ['claims'],
    async check({ store }) {
      const { claim } = claimsOf(store);
      expectSame('first claim', await claim('run-1', 'a'), true);
      expectSame('renewal', await claim('run-1', 'a'), true);
    },
  },
  {
    name: 'claim: is refused while another owner holds it, for that run only',
    needs: ['claims'],
    async check({ store }) {
      const { claim } = claimsOf(store);
      await claim('run-1', 'a');
      expectSame('claim of a rival', await claim('run-1', 'b'), false);
      expectSame('claim of another run', await claim('run-2', 'b'), true);
      expectSame('renewal after the claim of a rival', await claim('run-1', 'a'), true);
    },
  },
  {
    name: 'claim: a release by its owner frees it immediately, and a release by another owner has no effect',
    needs: ['claims'],
    async check({ store }) {
      const { claim, release } = claimsOf(store);
      await release('run-1', 'a');
      await claim('run-1', 'a');
      await release('run-1', 'b');
      expectSame('claim after a release by another owner', await claim('run-1', 'b'), false);
      await release('run-1', 'a');
      expectSame('claim after a release by its owner', await claim('run-1', 'b'), true);
      await release('run-1', 'a');
      expectSame('claim after a repeated release by the previous owner', await claim('run-1', 'a'), false);
    },
  },
  {
    name: 'claim: exactly one of several concurrent owners gets it',
    needs: ['claims'],
    async check({ store }) {
      const { claim } = claimsOf(store);
      const owners = Array.from({ length: 8 }, (_, n) => `owner-${n}`);
      const answers = await Promise.all(owners.map((owner) => claim('run-1', owner)));
      expectSame('claims granted', answers.filter(Boolean).length, 1);
      const again = await Promise.all(owners.map((owner) => claim('run-1', owner)));
      expectSame('renewals granted', again, answers);
    },
  },
  {
    name: 'claim: commits do not need it and do not change it',
    needs: ['claims'],
    async check({ store }) {
      const { claim } = claimsOf(store);
      await claim('run-1', 'a');
      await store.commit(sampleChange());
      await store.commit(sampleChange({ revision: 2 }));
      expectSame('claim of a rival after saves', await claim('run-1', 'b'), false);
      expectSame('renewal after saves', await claim('run-1', 'a'), true);
    },
  },
  {
    name: 'claim: applies to other stores over the same data',
    needs: ['claims', 'sharing'],
    async check({ store, open }) {
      const here = claimsOf(store);
      const there = claimsOf(await open());
      await here.claim('run-1', 'a');
      expectSame('claim in the other store', await there.claim('run-1', 'b'), false);
      await there.release('run-1', 'b');
      expectSame('claim after a release in the other store', await there.claim('run-1', 'b'), false);
      await here.release('run-1', 'a');
      expectSame('claim after the release', await there.claim('run-1', 'b'), true);
      expectSame('claim in the first store', await here.claim('run-1', 'a'), false);
    },
  },
  {
    name: 'claim: expires ttlMs after its last renewal, not earlier',
    needs: ['claims', 'expiry'],
    async check({ store, clock }) {
      const { claim } = claimsOf(store);
      await claim('run-1', 'a');
      expectSame('claim of a rival', await claim('run-1', 'b'), false);
      await clock.advance(ttlMs - 1);
      expectSame('claim of a rival 1 ms before the end', await claim('run-1', 'b'), false);
      expectSame('renewal', await claim('run-1', 'a'), true);
      expectSame('claim of a rival after the renewal', await claim('run-1', 'b'), false);
      await clock.advance(ttlMs - 1);
      expectSame('claim of a rival 1 ms before the end of the renewal', await claim('run-1', 'b'), false);
      await clock.advance(1);
      expectSame('claim of a rival at the end', await claim('run-1', 'b'), true);
    },
  },
  {
    name: 'claim: an owner whose claim expired loses it when another owner takes it',
    needs: ['claims', 'expiry'],
    async check({ store, clock }) {
      const { claim, release } = claimsOf(store);
      await claim('run-1', 'a');
      expectSame('claim of a rival', await claim('run-1', 'b'), false);
      await clock.advance(ttlMs);
      expectSame('claim of a rival at the end', await claim('run-1', 'b'), true);
      expectSame('renewal by the previous owner', await claim('run-1', 'a'), false);
      await release('run-1', 'a');
      expectSame('claim after a release by the previous owner', await claim('run-1', 'c'), false);
      expectSame('renewal by the new owner', await claim('run-1', 'b'), true);
    },
  },
  {
    name: 'claim: setting the machine clock neither shortens nor prolongs it',
    needs: ['claims', 'expiry'],
    async check({ store, clock, setMachineClock }) {
      const { claim } = claimsOf(store);
      await claim('run-1', 'a');
      expectSame('claim of a rival', await claim('run-1', 'b'), false);
      setMachineClock(hourMs);
      expectSame('claim of a rival after the clock was set forward', await claim('run-1', 'b'), false);
      setMachineClock(-3 * hourMs);
      await clock.advance(ttlMs);
      expectSame('claim of a rival at the end, after it was set back', await claim('run-1', 'b'), true);
    },
  },
  {
    name: "claim: a rival's refused claim does not prolong it",
    needs: ['claims', 'expiry'],
    async check({ store, clock }) {
      const { claim } = claimsOf(store);
      await claim('run-1', 'a');
      for (let asked = 0; asked < 10; asked += 1) {
        expectSame(`claim ${asked} of a rival`, await claim('run-1', 'b'), false);
        await clock.advance(ttlMs / 10);
      }
      expectSame('claim of a rival at the end', await claim('run-1', 'b'), true);
    },
  },
];
