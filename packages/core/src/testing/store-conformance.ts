import type { Clock } from '../clock/clock.ts';
import { mustBeOptions } from '../errors/must-be.ts';
import type { RunStore } from '../store/run-store.ts';
import { claimCases } from './conformance/claim-cases.ts';
import { commitCases } from './conformance/commit-cases.ts';
import { inboxCases } from './conformance/inbox-cases.ts';
import { listCases } from './conformance/list-cases.ts';
import { lookCases } from './conformance/look-cases.ts';
import { ownerCases } from './conformance/owner-cases.ts';
import { renewCases } from './conformance/renew-cases.ts';
import { sharingCases } from './conformance/sharing-cases.ts';
import type { StoreFeature } from './conformance/store-case.ts';
import { threadCases } from './conformance/thread-cases.ts';
import { threadListCases } from './conformance/thread-list-cases.ts';
import { undrivenCases } from './conformance/undriven-cases.ts';
import { watchCases } from './conformance/watch-cases.ts';
import { webhookCases } from './conformance/webhook-cases.ts';
import { manualClock } from './manual-clock.ts';

/** One requirement for a `RunStore`. */
export interface StoreConformanceCase {
  readonly name: string;
  /** Rejects if the store does not meet the requirement. The message shows the expected and the received value. */
  run(): Promise<void>;
}

export interface StoreConformanceOptions {
  /**
   * Opens a store. A new `name` returns an empty store; the same `name` again returns another store over the same data,
   * as another process would open it. Claims expire by `clock.monotonic`, which the cases advance. The cases also set
   * `clock.now` forward and back.
   */
  readonly open: (name: string, clock: Clock) => RunStore | Promise<RunStore>;
  /** Called for every opened store when its case ends. */
  readonly close?: (store: RunStore) => void | Promise<void>;
  /**
   * Features that the store does not have: `claims`, `expiry` (claims that expire by the clock), `inbox`, `sharing`
   * (several stores over the same data), `watch`. The cases that need them are left out. `renew`, `look`,
   * `undriven`, `listThreadRuns`, `listThreads` and the methods for webhooks are tested if the store has them.
   *
   * @default [] (tests everything)
   */
  readonly omit?: readonly StoreFeature[];
}

const cases = [
  ...commitCases,
  ...listCases,
  ...ownerCases,
  ...threadCases,
  ...threadListCases,
  ...sharingCases,
  ...claimCases,
  ...renewCases,
  ...lookCases,
  ...undrivenCases,
  ...inboxCases,
  ...watchCases,
  ...webhookCases,
];

/**
 * The requirements for a `RunStore`, as cases for any test framework, or for none. `memoryStore`, `sqliteStore` and
 * `indexedDbStore` pass all cases for the features that they have. Run them on your own store before you use it.
 *
 * @example
 * import { runStoreConformance } from '@longhaul/core/testing';
 * import { test } from 'vitest';
 *
 * const cases = runStoreConformance({ open: (name, clock) => redisStore({ prefix: name, clock }), omit: ['watch'] });
 * for (const { name, run } of cases) test(name, run);
 */
export function runStoreConformance(options: StoreConformanceOptions): StoreConformanceCase[] {
  mustBeOptions(options, 'runStoreConformance', { open: 'function', close: 'function', omit: 'any' });
  const { open, close, omit = [] } = options;
  return cases
    .filter(({ needs }) => !needs.some((feature) => omit.includes(feature)))
    .map(({ check, name }) => ({
      name,
      run: async () => {
        const clock = manualClock(1_700_000_000_000);
        // The clock of the stores' machine. A case may set its wall time.
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
