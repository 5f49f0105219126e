import type { RunCommit, RunStore } from '../store/run-store.ts';
import type { WakeStore } from '../store/wake-store.ts';
import { Gathered } from './gathered.ts';
import type { HeldJobs } from './held-jobs.ts';

/**
 * The store of a worker's runs. A run may be driven while the worker has its job, so the job is the claim. The worker
 * does not read again the data that it has read with the job. Calls of several runs share statements.
 */
export function jobStore(store: RunStore, wakes: WakeStore, held: HeldJobs): RunStore {
  // A row that another process has locked delays only one of two statements.
  const commits = new Gathered(async (changes: readonly RunCommit[]) => {
    const [first, ...others] = changes;
    if (first === undefined || others.length > 0) return wakes.commitAll(changes);
    return Promise.allSettled([store.commit(first)]);
  }, 2);
  const webhooks = new Gathered(async (responseIds: readonly string[]) => {
    const taken = await wakes.takeWebhooks(responseIds);
    return responseIds.map((responseId) => taken.has(responseId));
  });
  return {
    ...store,
    load: async (runId) => {
      const run = held.get(runId);
      if (run?.taken !== undefined) return run.taken;
      if (run !== undefined) run.omitted = 0;
      return store.load(runId);
    },
    commit: async (change) => {
      try {
        const result = await commits.ask(change);
        if (result.status === 'rejected') throw result.reason;
      } catch (error) {
        // Another worker may have saved the run since it was taken.
        const run = held.get(change.runId);
        if (run !== undefined) run.taken = undefined;
        throw error;
      }
      held.saved(change);
    },
    claim: async (runId) => held.has(runId),
    renew: async () => held.all.filter(({ isReleased }) => !isReleased).map(({ runId }) => runId),
    // The run is settled when its driver has stopped.
    release: async () => undefined,
    receive: async (runId) => {
      const run = held.get(runId);
      const hasNone = run?.hasNoMessages === true;
      if (run !== undefined) run.hasNoMessages = false;
      return hasNone ? [] : ((await store.receive?.(runId)) ?? []);
    },
    takeWebhook: (responseId) => webhooks.ask(responseId),
    // Workers find runs by their jobs.
    undriven: async () => [],
  };
}
