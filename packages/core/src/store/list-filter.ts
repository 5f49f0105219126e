import type { RunFilter, RunHead } from './run-store.ts';
import { mustBe, mustBeOptions } from '../errors/must-be.ts';

/**
 * Checks the filter of `list`, with the same rules for each store of Longhaul. An invalid value is rejected even if no
 * run matches. A `limit` of Infinity becomes undefined, which means no limit.
 *
 * @throws ConfigurationError that names the field
 */
export function checkedFilter(filter: RunFilter = {}): RunFilter {
  mustBeOptions(filter, 'list', {
    runId: 'string',
    status: 'any',
    agent: 'string',
    owner: 'string',
    threadId: 'string',
    limit: 'any',
    after: 'string',
  });
  const { limit, status } = filter;
  const isStatus = status === undefined || [status].flat().every((one) => typeof one === 'string');
  mustBe(isStatus, 'list', 'status', 'a status, or an array of them');
  return { ...filter, limit: checkedLimit('list', limit) };
}

/** Checks the `limit` of a filter. A `limit` of Infinity becomes undefined, which means no limit. */
export function checkedLimit(method: string, limit: number | undefined): number | undefined {
  if (limit === undefined || limit === Number.POSITIVE_INFINITY) return undefined;
  const isCount = Number.isSafeInteger(limit) && limit >= 0;
  mustBe(isCount, method, 'limit', 'a whole number of at least 0, or Infinity');
  return limit;
}

/** The conversation of a run. A run of an older version is a conversation of its own. */
export function threadIdOf({ runId, threadId = runId }: Pick<RunHead, 'runId' | 'threadId'>): string {
  return threadId;
}

type Filtered = Pick<RunHead, 'agent' | 'owner' | 'runId' | 'status' | 'threadId'>;

/**
 * Returns a function that tests whether a head matches the filter's `agent`, `owner`, `status` and `threadId`. The
 * function ignores `runId`, `after` and `limit`.
 */
export function headFilter({ agent, owner, status, threadId }: RunFilter): (head: Filtered) => boolean {
  const statuses = typeof status === 'string' ? [status] : status;
  return (head) =>
    (agent === undefined || head.agent === agent) &&
    (owner === undefined || head.owner === owner) &&
    (threadId === undefined || threadIdOf(head) === threadId) &&
    (statuses === undefined || statuses.includes(head.status));
}

type Listed = Filtered & Pick<RunHead, 'createdAt'>;

/**
 * Selects the heads that `list` returns, for a store that holds its runs in memory: filtered, newest first, then by
 * `runId`.
 */
export function selectHeads<T extends Listed>(runs: ReadonlyMap<string, T>, given?: RunFilter): T[] {
  const filter = checkedFilter(given);
  const { after, limit, runId } = filter;
  const one = runId === undefined ? undefined : runs.get(runId);
  if (runId !== undefined && after === undefined)
    return (one === undefined ? [] : [one]).filter(headFilter(filter)).slice(0, limit);
  const sorted = [...runs].toSorted(([a, x], [b, y]) => y.createdAt - x.createdAt || (a < b ? -1 : 1));
  const start = after === undefined ? 0 : sorted.findIndex(([id]) => id === after) + 1;
  // A deleted cursor ends the list. Starting from the beginning would make a paging loop endless (I9).
  if (after !== undefined && start === 0) return [];
  return sorted
    .slice(start)
    .filter(([id]) => runId === undefined || id === runId)
    .map(([, run]) => run)
    .filter(headFilter(filter))
    .slice(0, limit);
}
