import type { RunStore, ThreadRun } from '../../store/run-store.ts';
import { defined } from '../../wire/defined.ts';
import { readHeads } from '../saved/heads.ts';

/** The runs of a conversation. A custom store may not have the query, and may ignore the filter. */
export async function threadRuns(store: RunStore, threadId: string): Promise<readonly ThreadRun[]> {
  if (store.listThreadRuns !== undefined) return store.listThreadRuns(threadId);
  const { heads } = readHeads(await store.list({ threadId }));
  return heads
    .filter((head) => (head.threadId ?? head.runId) === threadId)
    .map(({ runId, agent, owner, continues, status, createdAt }) => ({
      ...{ runId, agent, status, createdAt },
      ...defined({ owner, continues }),
    }));
}
