import type { RunStore } from '../../store/run-store.ts';
import type { ManualClock } from '../manual-clock.ts';

/** Features that a store may omit. */
export type StoreFeature =
  /** `claim` and `release`. */
  | 'claims'
  /**
   * Claims that expire after their `ttlMs`; without this feature, claims last until they are released or their holder's
   * process ends.
   */
  | 'expiry'
  /** `post` and `receive`. */
  | 'inbox'
  /** Several open stores over the same data. */
  | 'sharing'
  /** `watch` and `publish`. */
  | 'watch';

/** The fixture of a case: stores over data that no other case uses. */
interface StoreBench {
  /** A store that is opened before the case starts. */
  readonly store: RunStore;
  /** The clock that determines when claims expire. */
  readonly clock: ManualClock;
  /** Sets the machine's clock forward by this many milliseconds (back if negative) without advancing time. */
  setMachineClock(byMs: number): void;
  /** Opens another store over the same data. */
  open(): Promise<RunStore>;
}

/** A case, independent of the store that it tests. */
export interface StoreCase {
  readonly name: string;
  readonly needs: readonly StoreFeature[];
  check(bench: StoreBench): Promise<void>;
}
