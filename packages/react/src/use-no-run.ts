import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { agentRunKeys } from './agent-run-keys.ts';

/** The id in the key of a hook's disabled query while there is no run. */
export const noRun = '';

/**
 * Removes the query of {@link noRun} from the cache. `useQuery` needs a key even when it is disabled, and TanStack
 * Query's devtools would show the query with that key as a pending run without an id.
 */
export function useNoRun(runId: string | undefined): void {
  const client = useQueryClient();
  // After each render, because each render adds the query again.
  useEffect(() => {
    if (runId === undefined) client.removeQueries({ queryKey: agentRunKeys.detail(noRun), exact: true });
  });
}
