import { defaultShouldDehydrateQuery, type Query } from '@tanstack/react-query';
import { agentRunKeys } from './agent-run-keys.ts';

/**
 * Which queries to persist, or to send from a server: as TanStack Query decides by default, and also runs whose last
 * fetch failed. The default drops those, and with them the view of a run that goes on at the server.
 *
 * @example
 * persistOptions={{ persister, dehydrateOptions: { shouldDehydrateQuery: shouldDehydrateRun } }}
 */
export function shouldDehydrateRun(query: Query): boolean {
  const isRun = agentRunKeys.all.every((part, index) => query.queryKey[index] === part);
  return defaultShouldDehydrateQuery(query) || (isRun && query.state.data !== undefined);
}
