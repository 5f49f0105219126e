import { defaultShouldDehydrateQuery, type Query } from '@tanstack/react-query';
import { agentRunKeys } from './agent-run-keys.ts';

/**
 * Selects the queries to persist or to send from a server: the default selection of TanStack Query, and all queries of
 * runs and of lists of runs that have data. The default omits a query whose last fetch failed. The view of a run that
 * may still be active would then be missing.
 *
 * @example
 * persistOptions={{ persister, dehydrateOptions: { shouldDehydrateQuery: shouldDehydrateRun } }}
 */
export function shouldDehydrateRun(query: Query): boolean {
  const isRun = agentRunKeys.all.every((part, index) => query.queryKey[index] === part);
  return defaultShouldDehydrateQuery(query) || (isRun && query.state.data !== undefined);
}
