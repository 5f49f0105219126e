import type { IDBPIndex } from 'idb';
import type { Clock } from '../clock/clock.ts';
import { checkRevision } from '../store/check-revision.ts';
import { checkedFilter, headFilter } from '../store/list-filter.ts';
import type { RunHead, RunStore, ThreadRun, WebhookMethod } from '../store/run-store.ts';
import { checkedThreadFilter, checkThreadId, summarizeThreads } from '../store/thread-lists.ts';
import { databaseClaims } from './database-claims.ts';
import { databaseConnection } from './database-connection.ts';
import type { RunDatabase } from './run-database.ts';
import { keysOfThread, threadKeyOf, threadRunOfKey } from './thread-key.ts';

/** A `RunStore` in IndexedDB. It reads the changes of other tabs, but is not notified of them. */
export interface DatabaseStore extends Required<Omit<RunStore, WebhookMethod | 'watch' | 'publish'>> {
  close(): void;
}

/** Number of runs that `list` reads with one request. A cursor would cost an event for each run. */
const batchSize = 200;
/** Number of runs that `list` reads first, if its limit is not larger. The newest run of a thread is usually new. */
const firstBatchSize = 10;

/**
 * Reads the heads in the order of `list`, after the run `start`.
 *
 * @param wanted The number of heads that the caller needs. The first request may return too few of them that match.
 */
async function* headsInOrder(
  byAge: IDBPIndex<RunDatabase, ['runs'], 'runs', 'byAge'>,
  wanted: number,
  start?: RunDatabase['runs']['value'],
): AsyncGenerator<RunHead> {
  let size = Math.min(batchSize, Math.max(firstBatchSize, wanted));
  for (let last = start; ; ) {
    const range = last && IDBKeyRange.lowerBound([last.age, last.head.runId], true);
    const batch = await byAge.getAll(range, size);
    for (const { head } of batch) yield head;
    last = batch.at(-1);
    if (batch.length < size) return;
    size = batchSize;
  }
}

/** The range of a run's keys in `items`: an array is greater than any number. */
function itemsOf(runId: string): IDBKeyRange {
  return IDBKeyRange.bound([runId], [runId, []]);
}

export function databaseStore(name: string, clock: Clock): DatabaseStore {
  const connection = databaseConnection(name);
  const { close, transact } = connection;

  return {
    load: (runId) =>
      transact(`load run ${runId}`, ['runs', 'items'], 'readonly', async (transaction) => {
        const [run, appended] = await Promise.all([
          transaction.objectStore('runs').get(runId),
          transaction.objectStore('items').getAll(itemsOf(runId)),
        ]);
        return run && { head: run.head, items: appended.flatMap(({ items }) => items) };
      }),

    commit: (change) => {
      const { append, head, received = [], revision, runId } = change;
      return transact(`save run ${runId}`, ['runs', 'items', 'inbox'], 'readwrite', async (transaction) => {
        const runs = transaction.objectStore('runs');
        const stored = await runs.get(runId);
        if (!checkRevision(stored?.head, change)) return;
        await runs.put({ age: -head.createdAt, head, thread: threadKeyOf(head) });
        if (append.length > 0) await transaction.objectStore('items').add({ runId, revision, items: append });
        if (received.length === 0) return;
        const inbox = transaction.objectStore('inbox');
        const keys = await inbox.index('byRun').getAllKeys(runId);
        const named = keys.filter((key) => received.includes(String(key)));
        await Promise.all(named.map((key) => inbox.delete(key)));
      });
    },

    list: (given) =>
      transact('list runs', ['runs'], 'readonly', async ({ store }) => {
        const filter = checkedFilter(given);
        const { after, limit = Number.POSITIVE_INFINITY, runId } = filter;
        const passes = headFilter(filter);
        const heads: RunHead[] = [];
        if (limit === 0) return heads;
        if (runId !== undefined && after === undefined) {
          const one = await store.get(runId);
          return one !== undefined && passes(one.head) ? [one.head] : [];
        }
        const last = after === undefined ? undefined : await store.get(after);
        // A deleted cursor ends the list. Starting from the beginning would make a paging loop endless (I9).
        if (after !== undefined && last === undefined) return heads;
        for await (const head of headsInOrder(store.index('byAge'), limit, last)) {
          if (passes(head) && (runId === undefined || head.runId === runId)) heads.push(head);
          if (heads.length === limit) break;
        }
        return heads;
      }),

    listThreadRuns: (threadId) =>
      transact(`list the runs of thread ${threadId}`, ['runs'], 'readonly', async ({ store }) => {
        checkThreadId(threadId);
        const runs: ThreadRun[] = [];
        const byThread = store.index('byThread');
        let cursor = await byThread.openKeyCursor(keysOfThread(threadId));
        for (; cursor !== null; cursor = await cursor.continue()) runs.push(threadRunOfKey(cursor.key));
        return runs;
      }),

    listThreads: (given) =>
      transact('list threads', ['runs'], 'readonly', async ({ store }) => {
        const filter = checkedThreadFilter(given);
        const passes = headFilter({ agent: filter.agent, owner: filter.owner });
        const heads: RunHead[] = [];
        for await (const head of headsInOrder(store.index('byAge'), batchSize))
          if (passes(head)) heads.push(head);
        return summarizeThreads(heads, filter);
      }),

    delete: (runId) =>
      transact(
        `delete run ${runId}`,
        ['runs', 'items', 'claims', 'inbox'],
        'readwrite',
        async (transaction) => {
          const inbox = transaction.objectStore('inbox');
          const messages = await inbox.index('byRun').getAllKeys(runId);
          await Promise.all([
            transaction.objectStore('runs').delete(runId),
            transaction.objectStore('items').delete(itemsOf(runId)),
            transaction.objectStore('claims').delete(runId),
            ...messages.map((key) => inbox.delete(key)),
          ]);
        },
      ),

    ...databaseClaims(connection, clock),

    post: (runId, message) =>
      transact(`post to run ${runId}`, ['inbox'], 'readwrite', async ({ store }) => {
        await store.add({ runId, message });
      }),

    receive: (runId) =>
      transact(`receive for run ${runId}`, ['inbox'], 'readonly', async ({ store }) => {
        const index = store.index('byRun');
        const [keys, records] = await Promise.all([index.getAllKeys(runId), index.getAll(runId)]);
        return keys.map((key, position) => ({
          id: String(key),
          message: records[position]?.message ?? null,
        }));
      }),

    close,
  };
}
