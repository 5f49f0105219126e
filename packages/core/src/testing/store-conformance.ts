import type { Clock } from '../clock/clock.ts';
import type { RunStore } from '../store/run-store.ts';
import { claimCases } from './conformance/claim-cases.ts';
import { commitCases } from './conformance/commit-cases.ts';
import { inboxCases } from './conformance/inbox-cases.ts';
import { listCases } from './conformance/list-cases.ts';
import { lookCases } from './conformance/look-cases.ts';
import { renewCases } from './conformance/renew-cases.ts';
import { sharingCases } from './conformance/sharing-cases.ts';
import type { StoreFeature } from './conformance/store-case.ts';
import { watchCases } from './conformance/watch-cases.ts';
import { manualClock } from './manual-clock.ts';

/** One thing that a `RunStore` must do. */
export interface StoreConformanceCase {
  readonly name: string;
  /** Rejects with an `Error` that says what was expected and what came instead. */
  run(): Promise<void>;
}

export interface StoreConformanceOptions {
  /**
   * Opens a store. A `name` that is new to it gives an empty one; the same `name` again one more store over the same
   * data, as another process would open it. Claims run out by `clock`, which the cases move by hand: by `monotonic`,
   * as they also set `now`.
   */
  readonly open: (name: string, clock: Clock) => RunStore | Promise<RunStore>;
  /** Called for every store that was opened, when its case is over. */
  readonly close?: (store: RunStore) => void | Promise<void>;
  /**
   * What the store does not have: `claims`, `expiry` (claims that run out by the clock), `inbox`, `sharing` (several
   * stores over the same data), `watch`. The cases that need it are left out. `renew` and `look` are tested where the
   * store has them.
   *
   * @default [] everything is tested
   */
  readonly omit?: readonly StoreFeature[];
}

const cases = [
  ...commitCases,
  ...listCases,
  ...sharingCases,
  ...claimCases,
  ...renewCases,
  ...lookCases,
  ...inboxCases,
  ...watchCases,
];

/**
 * What every `RunStore` must do, as cases for any test framework, or for none. `memoryStore`, `sqliteStore` and
 * `indexedDbStore` pass them all; run them on a store of your own before you trust it with a run.
 *
 * @example
 * import { runStoreConformance } from '@longhaul/core/testing';
 * import { test } from 'vitest';
 *
 * const cases = runStoreConformance({ open: (name, clock) => redisStore({ prefix: name, clock }), omit: ['watch'] });
 * for (const { name, run } of cases) test(name, run);
 */
export function runStoreConformance({
  open,
  close,
  omit = [],
}: StoreConformanceOptions): StoreConformanceCase[] {
  return cases
    .filter(({ needs }) => !needs.some((feature) => omit.includes(feature)))
    .map(({ check, name }) => ({
      name,
      run: async () => {
        const clock = manualClock(1_700_000_000_000);
        // The stores' machine, whose clock may be set.
        let setBy = 0;
        const machine: Clock = {
          now: () => clock.now() + setBy,
          monotonic: () => clock.now(),
          sleep: (ms, signal) => clock.sleep(ms, signal),
        };
        const setMachineClock = (byMs: number): void => {
          setBy += byMs;
        };
        const data = `conformance-${crypto.randomUUID()}`;
        const opened: RunStore[] = [];
        const openOne = async (): Promise<RunStore> => {
          const store = await open(data, machine);
          opened.push(store);
          return store;
        };
        try {
          await check({ store: await openOne(), clock, open: openOne, setMachineClock });
        } finally {
          for (const store of opened) await close?.(store);
        }
      },
    }));
}
