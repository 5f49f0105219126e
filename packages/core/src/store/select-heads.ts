import { checkedFilter } from './checked-filter.ts';
import { headFilter } from './head-filter.ts';
import type { RunFilter, RunHead } from './run-store.ts';

type Listed = Pick<RunHead, 'agent' | 'createdAt' | 'status'>;

/**
 * Selects the heads that `list` returns, for a store that holds its runs in memory: filtered, newest first, then by
 * `runId`.
 */
export function selectHeads<T extends Listed>(
  runs: Iterable<readonly [runId: string, run: T]>,
  given?: RunFilter,
): T[] {
  const filter = checkedFilter(given);
  const { after, limit } = filter;
  const sorted = [...runs].toSorted(([a, x], [b, y]) => y.createdAt - x.createdAt || (a < b ? -1 : 1));
  const start = after === undefined ? 0 : sorted.findIndex(([runId]) => runId === after) + 1;
  // A deleted cursor ends the list. Starting from the beginning would make a paging loop endless (I9).
  if (after !== undefined && start === 0) return [];
  return sorted
    .slice(start)
    .map(([, run]) => run)
    .filter(headFilter(filter))
    .slice(0, limit);
}
