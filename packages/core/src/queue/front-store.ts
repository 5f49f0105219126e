import { LonghaulError } from '../errors/longhaul-error.ts';
import type { RunStore } from '../store/run-store.ts';
import type { SendWakes, WakeStore } from '../store/wake-store.ts';

/**
 * The store of a front: the first save of a run sends its wake, and so does a message for a parked run. A front never has
 * a claim.
 *
 * @param queue `ready` resolves when wakes can be sent. After `forget`, it looks for the queue again.
 * @param watchedMs The time for which a new run counts as watched, in milliseconds.
 */
export function frontStore(
  store: RunStore,
  wakes: WakeStore,
  send: SendWakes,
  queue: { ready(): Promise<void>; forget(): void },
  watchedMs: (runId: string) => number,
): RunStore {
  /** The queue may have been deleted while this process has run. It is created again, once. */
  async function withQueue(call: () => Promise<void>): Promise<void> {
    await queue.ready();
    try {
      return await call();
    } catch (error) {
      if (LonghaulError.isInstance(error)) throw error;
      queue.forget();
      await queue.ready();
      return call();
    }
  }
  return {
    ...store,
    commit: async (change) => {
      if (change.revision > 1 && change.import !== true) return store.commit(change);
      const forMs = watchedMs(change.runId);
      return withQueue(() => wakes.start(change, forMs, send));
    },
    post: (runId, message) => withQueue(() => wakes.post(runId, message, send)),
    claim: async () => false,
    renew: async () => [],
    release: async () => undefined,
    undriven: async () => [],
  };
}
