import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { RunStore } from '../run-store.ts';
import type { WakeStore } from '../wake-store.ts';
import { commitAll } from './commit-heads.ts';
import { databaseIdentity } from './database-identity.ts';
import { databaseTime, moveDue } from './due-runs.ts';
import { resumeHaltedBefore, resumeRun } from './halted-runs.ts';
import { postAndWake, startRun } from './queued-runs.ts';
import { holdJobs } from './held-jobs.ts';
import { loadEarlier } from './run-table.ts';
import { settleRuns } from './settle-runs.ts';
import { connectionOf, noticesOf, renewalsOf } from './store-connection.ts';
import { sweepRuns } from './sweep-runs.ts';
import { takeRuns } from './take-runs.ts';
import { textKey, textOfKey } from './text-key.ts';
import { watchedOf, watchRuns } from './watched-runs.ts';
import { takeWebhooks } from './webhook-table.ts';

/** The runs of a queue in a store that `postgresStore` has created. Undefined for any other store. */
export function wakeStoreOf(store: RunStore): WakeStore | undefined {
  const connection = connectionOf(store);
  const notices = noticesOf(store);
  const renewals = renewalsOf(store);
  if (connection === undefined || notices === undefined || renewals === undefined) return undefined;
  const { notify } = notices;
  return {
    keyOf: textKey,
    runIdOf: textOfKey,
    start: async (change, watchedMs, send) => {
      await startRun(connection, change, watchedMs, send);
      notify({ type: 'saved', runId: change.runId });
      notify({ type: 'woken', runId: change.runId });
    },
    post: async (runId, message, send) => {
      const isWoken = await postAndWake(connection, runId, message, send);
      notify({ type: isWoken ? 'woken' : 'posted', runId });
    },
    resume: async (runId, isManual, send) => {
      const isFound = await resumeRun(connection, runId, isManual, send);
      if (isFound) notify({ type: 'saved', runId });
      if (isFound) notify({ type: 'woken', runId });
      return isFound;
    },
    loadEarlier: async (head, omitted) => {
      const items = await loadEarlier(connection, { head, omitted });
      if (items !== undefined) return items;
      throw new LonghaulError('not_found', `Run ${head.runId} is no longer in the store.`);
    },
    take: (runIds) => takeRuns(connection, runIds),
    commitAll: async (changes) => {
      const results = await commitAll(connection, changes);
      for (const [index, { runId }] of changes.entries())
        if (results[index]?.status === 'fulfilled') notify({ type: 'saved', runId });
      return results;
    },
    takeWebhooks: (responseIds) => takeWebhooks(connection, responseIds),
    settle: async (settlements, complete) => {
      const results = await settleRuns(connection, settlements, complete);
      for (const { type, runId } of settlements) if (type === 'halt') notify({ type: 'saved', runId });
      return results;
    },
    moveDue: (queue, limit, send) => moveDue(connection, queue, limit, send),
    sweep: (queue, send) => sweepRuns(connection, queue, send),
    resumeHaltedBefore: (version, send) => resumeHaltedBefore(connection, version, send),
    watchRuns: (runIds, forMs) => watchRuns(connection, runIds, forMs),
    watchedOf: (runIds) => watchedOf(connection, runIds),
    holdJobs: (worker, queue, jobs) => holdJobs(renewals, worker, queue, jobs),
    identity: () => databaseIdentity(connection),
    now: () => databaseTime(connection),
  };
}
