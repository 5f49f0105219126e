import type { Clock } from '../clock/clock.ts';
import { backOff } from '../engine/policy/back-off.ts';
import { StoreError } from '../errors/store-error.ts';
import type { RunCommit, RunStore } from '../store/run-store.ts';

/** How long a store may be unavailable before driving stops. */
const patienceMs = 60_000;

/**
 * Commits one change, again and again while the store is unavailable. Nothing else is sent meanwhile (I7). The
 * `commitId` makes a repetition harmless where the first one did arrive.
 *
 * @throws whatever the store throws that waiting does not help
 */
export async function commit(
  store: RunStore,
  change: RunCommit,
  clock: Clock,
  random: () => number,
): Promise<void> {
  const since = clock.now();
  for (let tries = 1; ; tries += 1) {
    try {
      return await store.commit(change);
    } catch (error) {
      const passing = StoreError.isInstance(error) && error.code === 'unavailable';
      if (!passing || clock.now() - since >= patienceMs) throw error;
    }
    await clock.sleep(backOff(tries, random(), 200, 5_000));
  }
}
