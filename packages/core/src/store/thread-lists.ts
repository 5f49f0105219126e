import { mustBe, mustBeOptions } from '../errors/must-be.ts';
import { defined } from '../wire/defined.ts';
import { checkedLimit, headFilter, threadIdOf } from './list-filter.ts';
import type { RunHead, ThreadFilter, ThreadRun, ThreadSummary } from './run-store.ts';

/**
 * Checks the argument of `listThreadRuns`, with the same rule for each store of Longhaul.
 *
 * @throws ConfigurationError that names the argument
 */
export function checkThreadId(threadId: string): void {
  const isId = typeof threadId === 'string' && threadId !== '';
  mustBe(isId, 'listThreadRuns', 'threadId', 'a string that is not empty');
}

/**
 * Checks the filter of `listThreads`, with the same rules for each store of Longhaul. An invalid value is rejected even
 * if no conversation matches. A `limit` of Infinity becomes undefined, which means no limit.
 *
 * @throws ConfigurationError that names the field
 */
export function checkedThreadFilter(filter: ThreadFilter = {}): ThreadFilter {
  const kinds = { owner: 'string', agent: 'string', limit: 'any', after: 'string' } as const;
  mustBeOptions(filter, 'listThreads', kinds);
  return { ...filter, limit: checkedLimit('listThreads', filter.limit) };
}

/** The fields of a head that a list of conversations needs. */
export type ThreadHead = Pick<
  RunHead,
  'agent' | 'createdAt' | 'inputText' | 'owner' | 'runId' | 'status' | 'threadId' | 'title' | 'updatedAt'
>;

/** Whether a run only continues the turn of the run before it. */
export function isRetryOf({ continues, inputText }: Pick<RunHead, 'continues' | 'inputText'>): boolean {
  return continues !== undefined && inputText === undefined;
}

/** A run as `listThreadRuns` returns it. */
function threadRunOf(head: RunHead): ThreadRun {
  const { runId, agent, owner, continues, status, createdAt } = head;
  const isRetry = isRetryOf(head) || undefined;
  return { runId, agent, ...defined({ owner, continues, isRetry }), status, createdAt };
}

type Ordered = Pick<RunHead, 'createdAt' | 'runId'>;

/** The order of the runs of a conversation: oldest first by `createdAt`, then by `runId`. */
function inThread(one: Ordered, other: Ordered): number {
  return one.createdAt - other.createdAt || (one.runId < other.runId ? -1 : 1);
}

/** The result of `listThreadRuns`, from heads that include those of the conversation. */
export function selectThreadRuns(heads: readonly RunHead[], threadId: string): ThreadRun[] {
  return heads
    .filter((head) => threadIdOf(head) === threadId)
    .toSorted(inThread)
    .map(threadRunOf);
}

/** The facts about a conversation, from those of its runs that were read. */
interface Thread {
  readonly newest: ThreadHead;
  readonly title: string;
  readonly input: string;
  readonly updatedAt: number;
  readonly runs: number;
}

/** Adds a run that is newer than the others. */
function withRun(thread: Thread | undefined, head: ThreadHead): Thread {
  const { updatedAt, title = '', inputText = '' } = head;
  return {
    newest: head,
    title: title || (thread?.title ?? ''),
    input: thread?.input || inputText,
    updatedAt: Math.max(thread?.updatedAt ?? updatedAt, updatedAt),
    runs: (thread?.runs ?? 0) + 1,
  };
}

/** The result of `listThreads`, from the heads of all runs. */
export function summarizeThreads(heads: readonly ThreadHead[], given?: ThreadFilter): ThreadSummary[] {
  const { after, agent, limit, owner } = checkedThreadFilter(given);
  const threads = new Map<string, Thread>();
  for (const head of heads.filter(headFilter({ agent, owner })).toSorted(inThread)) {
    const threadId = threadIdOf(head);
    threads.set(threadId, withRun(threads.get(threadId), head));
  }
  const sorted = [...threads].toSorted(
    ([a, one], [b, other]) => other.newest.createdAt - one.newest.createdAt || (a < b ? -1 : 1),
  );
  const start = after === undefined ? 0 : sorted.findIndex(([threadId]) => threadId === after) + 1;
  // An unknown cursor ends the list. Starting from the beginning would make a paging loop endless (I9).
  if (after !== undefined && start === 0) return [];
  return sorted
    .slice(start)
    .slice(0, limit)
    .map(([threadId, { newest, title, input, updatedAt, runs }]) => ({
      threadId,
      // A database cannot store half a character.
      title: (title || input).toWellFormed(),
      status: newest.status,
      updatedAt,
      runs,
    }));
}
