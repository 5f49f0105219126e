import { expect, test } from 'vitest';
import { memoryStore } from '../../store/memory-store.ts';
import type { RunStore } from '../../store/run-store.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import { Claims } from './claims.ts';

/** A store with only the required methods. */
function plainStore(claim: NonNullable<RunStore['claim']>): RunStore {
  const { load, commit, list, delete: remove, release } = memoryStore();
  return { load, commit, list, delete: remove, release, claim };
}

function holderOf(lost: string[], runId: string) {
  return { claimLost: () => void lost.push(runId) };
}

test('3,000 claims at 5 ms a call are all renewed in time', async () => {
  const clock = manualClock();
  const until = new Map<string, number>();
  let slow = false;
  const store = plainStore(async (runId, _owner, ttlMs) => {
    if (slow) await clock.sleep(5);
    until.set(runId, clock.now() + ttlMs);
    return true;
  });
  const claims = new Claims(store, clock);
  for (let run = 0; run < 3_000; run += 1) await claims.take(`run-${run}`, holderOf([], ''));
  slow = true;
  for (let second = 0; second < 60; second += 1) {
    await clock.advance(1_000);
    expect(Math.min(...until.values())).toBeGreaterThan(clock.now());
  }
});

test('one claim that never answers does not stop the other renewals', async () => {
  const clock = manualClock();
  const until = new Map<string, number>();
  let stuck = false;
  const store = plainStore(async (runId, _owner, ttlMs) => {
    if (stuck && runId === 'run-1') await new Promise(() => undefined);
    until.set(runId, clock.now() + ttlMs);
    return true;
  });
  const claims = new Claims(store, clock);
  for (const runId of ['run-0', 'run-1', 'run-2']) await claims.take(runId, holderOf([], runId));
  stuck = true;
  for (let second = 0; second < 60; second += 1) {
    await clock.advance(1_000);
    expect(until.get('run-0')).toBeGreaterThan(clock.now());
    expect(until.get('run-2')).toBeGreaterThan(clock.now());
  }
});

test('a late answer still reports that the claim is lost', async () => {
  const clock = manualClock();
  const lost: string[] = [];
  let taken = false;
  const store = plainStore(async () => {
    if (!taken) return true;
    await clock.sleep(9_000);
    return false;
  });
  const claims = new Claims(store, clock);
  await claims.take('run-1', holderOf(lost, 'run-1'));
  taken = true;
  await clock.advance(30_000);
  expect(lost).toEqual(['run-1']);
});

test('all claims of a runner are renewed in one call, which returns the lost ones', async () => {
  const clock = manualClock();
  const lost: string[] = [];
  const memory = memoryStore({ clock });
  const calls = { claim: 0, renew: 0 };
  const store: RunStore = {
    ...memory,
    claim: (...args) => {
      calls.claim += 1;
      return memory.claim(...args);
    },
    renew: (...args) => {
      calls.renew += 1;
      return memory.renew(...args);
    },
  };
  const claims = new Claims(store, clock);
  const owners = new Set<string>();
  for (let run = 0; run < 100; run += 1) await claims.take(`run-${run}`, holderOf(lost, `run-${run}`));
  expect(calls).toEqual({ claim: 100, renew: 0 });
  await clock.advance(16_000);
  expect(calls).toEqual({ claim: 100, renew: 3 });
  expect(await memory.claim('run-7', 'rival', 15_000)).toBe(false);
  // The machine was suspended for longer than a claim lasts, and a rival took the claim.
  owners.add('rival');
  const other = memoryStore({ clock });
  store.renew = async () => [...Array(100).keys()].filter((run) => run !== 7).map((run) => `run-${run}`);
  await clock.advance(5_000);
  expect(lost).toEqual(['run-7']);
  expect(await other.list()).toEqual([]);
});

// Most database clients return a number of rows, or nothing, for an UPDATE.
test.each([[undefined], [null], [3], [true]])(
  'if `renew` returns %j, which is not a list, each claim is renewed separately, and none is lost',
  async (answer) => {
    const clock = manualClock();
    const lost: string[] = [];
    const renewed: string[] = [];
    const store: RunStore = {
      ...plainStore(async (runId) => {
        renewed.push(runId);
        return true;
      }),
      // A store written in JavaScript may return a value of another type.
      renew: async () => JSON.parse(JSON.stringify(answer ?? null)),
    };
    const claims = new Claims(store, clock);
    await claims.take('run-0', holderOf(lost, 'run-0'));
    await clock.advance(20_000);
    expect(lost).toEqual([]);
    expect(renewed.length).toBeGreaterThan(2);
  },
);

test('the renewals end when the last claim is lost', async () => {
  const clock = manualClock();
  const lost: string[] = [];
  let isLost = false;
  const claims = new Claims(
    plainStore(async () => !isLost),
    clock,
  );
  await claims.take('r1', holderOf(lost, 'r1'));
  await claims.take('r2', holderOf(lost, 'r2'));
  isLost = true;
  await clock.advance(5_000);
  expect(lost).toEqual(['r1', 'r2']);
  expect(clock.pending).toBe(0);
});

test('a renewal that the store performs after the release is released', async () => {
  const clock = manualClock();
  let owner: string | undefined;
  let delayMs = 0;
  const store: RunStore = {
    ...plainStore(async (_runId, by) => {
      await clock.sleep(delayMs);
      owner = by;
      return true;
    }),
    release: async () => void (owner = undefined),
  };
  const claims = new Claims(store, clock);
  const holder = holderOf([], 'r');
  const taken = claims.take('r', holder);
  await clock.advance(0);
  await taken;
  delayMs = 1_000;
  await clock.advance(5_000);
  await claims.release('r', holder, Promise.resolve());
  await clock.advance(1_000);
  expect(owner).toBeUndefined();
});

test('a claim is released after the last save, and is not renewed until then', async () => {
  const clock = manualClock();
  const calls: string[] = [];
  const store: RunStore = {
    ...plainStore(async () => calls.push('claim') > 0),
    release: async () => void calls.push('release'),
  };
  const claims = new Claims(store, clock);
  const holder = holderOf([], 'r');
  await claims.take('r', holder);
  const released = claims.release('r', holder, clock.sleep(60_000));
  await clock.advance(59_000);
  expect(calls).toEqual(['claim']);
  await clock.advance(1_000);
  await released;
  expect(calls).toEqual(['claim', 'release']);
});
