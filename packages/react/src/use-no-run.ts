import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { agentRunKeys } from './agent-run-keys.ts';

/** The id that a hook's disabled query has while there is no run. */
export const noRun = '';

/**
 * Keeps the cache free of the query of {@link noRun}. `useQuery` cannot ask for nothing, and its disabled query would
 * stand in the devtools as a run without an id that waits for ever.
 */
export function useNoRun(runId: string | undefined): void {
  const client = useQueryClient();
  // After each render, as each puts it back.
  useEffect(() => {
    if (runId === undefined) client.removeQueries({ queryKey: agentRunKeys.detail(noRun), exact: true });
  });
}
