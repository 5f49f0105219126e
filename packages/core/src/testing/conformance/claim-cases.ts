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

/** One driver a run. */
export const claimCases: readonly StoreCase[] = [
  {
    name: 'claim: the first owner gets it, also for a run that is not stored yet, and may renew it',
    needs: ['claims'],
    async check({ store }) {
      const { claim } = claimsOf(store);
      expectSame('first claim', await claim('run-1', 'a'), true);
      expectSame('renewal', await claim('run-1', 'a'), true);
    },
  },
  {
    name: "claim: refused while another owner's is alive, for that run only",
    needs: ['claims'],
    async check({ store }) {
      const { claim } = claimsOf(store);
      await claim('run-1', 'a');
      expectSame('claim of a rival', await claim('run-1', 'b'), false);
      expectSame('claim of another run', await claim('run-2', 'b'), true);
      expectSame('renewal after a rival asked', await claim('run-1', 'a'), true);
    },
  },
  {
    name: 'claim: released by its owner it is free at once, released by anyone else it stays',
    needs: ['claims'],
    async check({ store }) {
      const { claim, release } = claimsOf(store);
      await release('run-1', 'a');
      await claim('run-1', 'a');
      await release('run-1', 'b');
      expectSame('claim after a stranger released it', await claim('run-1', 'b'), false);
      await release('run-1', 'a');
      expectSame('claim after its owner released it', await claim('run-1', 'b'), true);
      await release('run-1', 'a');
      expectSame('claim after the owner before released it again', await claim('run-1', 'a'), false);
    },
  },
  {
    name: 'claim: of several owners at once exactly one gets it',
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
    name: 'claim: saves need none and leave it alone',
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
    name: 'claim: another store over the same data respects it',
    needs: ['claims', 'sharing'],
    async check({ store, open }) {
      const here = claimsOf(store);
      const there = claimsOf(await open());
      await here.claim('run-1', 'a');
      expectSame('claim over there', await there.claim('run-1', 'b'), false);
      await there.release('run-1', 'b');
      expectSame('claim after a release over there', await there.claim('run-1', 'b'), false);
      await here.release('run-1', 'a');
      expectSame('claim after the release', await there.claim('run-1', 'b'), true);
      expectSame('claim here', await here.claim('run-1', 'a'), false);
    },
  },
  {
    name: 'claim: runs out ttlMs after it was last renewed, not a moment before',
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
    name: 'claim: whoever let it run out has lost it once another took it',
    needs: ['claims', 'expiry'],
    async check({ store, clock }) {
      const { claim, release } = claimsOf(store);
      await claim('run-1', 'a');
      expectSame('claim of a rival', await claim('run-1', 'b'), false);
      await clock.advance(ttlMs);
      expectSame('claim of a rival at the end', await claim('run-1', 'b'), true);
      expectSame('renewal of the owner before', await claim('run-1', 'a'), false);
      await release('run-1', 'a');
      expectSame('claim after the owner before released', await claim('run-1', 'c'), false);
      expectSame('renewal of the new owner', await claim('run-1', 'b'), true);
    },
  },
  {
    name: 'claim: a machine clock that is set on or back neither shortens nor prolongs it',
    needs: ['claims', 'expiry'],
    async check({ store, clock, setMachineClock }) {
      const { claim } = claimsOf(store);
      await claim('run-1', 'a');
      expectSame('claim of a rival', await claim('run-1', 'b'), false);
      setMachineClock(hourMs);
      expectSame('claim of a rival after the clock was set on', await claim('run-1', 'b'), false);
      setMachineClock(-3 * hourMs);
      await clock.advance(ttlMs);
      expectSame('claim of a rival at the end, after it was set back', await claim('run-1', 'b'), true);
    },
  },
  {
    name: 'claim: asking for one that is refused does not prolong it',
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
