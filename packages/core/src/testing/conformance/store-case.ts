import type { RunStore } from '../../store/run-store.ts';
import type { ManualClock } from '../manual-clock.ts';

/** What a store may lack. */
export type StoreFeature =
  /** `claim` and `release`. */
  | 'claims'
  /** Claims that run out after their `ttlMs`; without it they last until they are released or their holder dies. */
  | 'expiry'
  /** `post` and `receive`. */
  | 'inbox'
  /** Several stores over the same data at once. */
  | 'sharing'
  /** `watch` and `publish`. */
  | 'watch';

/** What a case works with: stores over data that no other case sees. */
interface StoreBench {
  /** A store that was opened before the case began. */
  readonly store: RunStore;
  /** By which claims run out. */
  readonly clock: ManualClock;
  /** Sets the clock of the machine on by so many milliseconds: no time passes. */
  setMachineClock(byMs: number): void;
  /** One more store over the same data. */
  open(): Promise<RunStore>;
}

/** A case, before it has a store to run on. */
export interface StoreCase {
  readonly name: string;
  readonly needs: readonly StoreFeature[];
  check(bench: StoreBench): Promise<void>;
}
