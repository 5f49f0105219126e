import type { RunStore } from '../store/run-store.ts';
import type { SendWakes, WakeStore } from '../store/wake-store.ts';

/**
 * The store of a front: the first save of a run sends its wake, and so does a message for a parked run. A front never has
 * a claim.
 *
 * @param ready Resolves when wakes can be sent.
 * @param watchedMs The time for which a new run counts as watched, in milliseconds.
 */
export function frontStore(
  store: RunStore,
  wakes: WakeStore,
  send: SendWakes,
  ready: () => Promise<void>,
  watchedMs: (runId: string) => number,
): RunStore {
  return {
    ...store,
    commit: async (change) => {
      if (change.revision > 1 && change.import !== true) return store.commit(change);
      await ready();
      return wakes.start(change, watchedMs(change.runId), send);
    },
    post: async (runId, message) => {
      await ready();
      return wakes.post(runId, message, send);
    },
    claim: async () => false,
    renew: async () => [],
    release: async () => undefined,
    undriven: async () => [],
  };
}
