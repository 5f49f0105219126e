import type { RunView } from '@longhaul/core';
import { useQuery } from '@tanstack/react-query';
import { agentRunOptions } from './agent-run-options.ts';
import { useRunner } from './longhaul-provider.tsx';
import { noRun, useNoRun } from './use-no-run.ts';

/** Returns a part of a run's view. The component renders only when that part changes. */
export function useRunSelection<T>(runId: string | undefined, select: (view: RunView) => T): T | undefined {
  // The component renders when a property of the result that it has read changes, so read only `data`.
  const { data } = useQuery({
    ...agentRunOptions(useRunner(), runId ?? noRun),
    enabled: runId !== undefined,
    select,
  });
  useNoRun(runId);
  return data;
}
