import { mustBe } from '../../errors/must-be.ts';
import type { RunFilter, RunStore, ThreadFilter, ThreadRun, ThreadSummary } from '../../store/run-store.ts';
import {
  checkedThreadFilter,
  checkThreadId,
  selectThreadRuns,
  summarizeThreads,
} from '../../store/thread-lists.ts';
import { defined } from '../../wire/defined.ts';
import { fieldsOf } from '../../wire/json.ts';
import { isSavedOwner, isStatus, readHeads } from './heads.ts';

/**
 * The runs of a conversation. A custom store may not have the method.
 *
 * @throws ConfigurationError for an invalid id, and if the store's answer is not a list
 */
export async function listThreadRuns(store: RunStore, threadId: string): Promise<ThreadRun[]> {
  checkThreadId(threadId);
  // A custom store may ignore the field `threadId`.
  if (!store.listThreadRuns)
    return selectThreadRuns(readHeads(await store.list({ threadId })).heads, threadId);
  const listed = await store.listThreadRuns(threadId);
  mustBe(Array.isArray(listed), 'store', 'listThreadRuns', 'a function that returns an array');
  return listed.filter(isThreadRun).map(({ runId, agent, owner, continues, isRetry, status, createdAt }) => ({
    ...{ runId, agent, ...defined({ owner, continues, isRetry }), status, createdAt },
  }));
}

/**
 * The conversations that match the filter. A custom store may not have the method.
 *
 * @throws ConfigurationError for an invalid filter, and if the store's answer is not a list
 */
export async function listThreads(store: RunStore, given?: ThreadFilter): Promise<ThreadSummary[]> {
  const filter = checkedThreadFilter(given);
  if (!store.listThreads) {
    const { agent, owner } = filter;
    const listed = await store.list(defined<RunFilter>({ agent, owner }));
    return summarizeThreads(readHeads(listed).heads, filter);
  }
  const listed = await store.listThreads(filter);
  mustBe(Array.isArray(listed), 'store', 'listThreads', 'a function that returns an array');
  return listed.filter(isThread);
}

/** Whether a custom store has returned a run. A damaged row of a database may have fields of other types. */
function isThreadRun(run: unknown): run is ThreadRun {
  const { runId, agent, owner, status } = fieldsOf(run);
  return typeof runId === 'string' && typeof agent === 'string' && isSavedOwner(owner) && isStatus(status);
}

function isThread(thread: unknown): thread is ThreadSummary {
  const { threadId, title, status } = fieldsOf(thread);
  return typeof threadId === 'string' && threadId !== '' && typeof title === 'string' && isStatus(status);
}
