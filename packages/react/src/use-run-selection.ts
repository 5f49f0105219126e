import type { RunView } from '@longhaul/core';
import { useQuery } from '@tanstack/react-query';
import { agentRunOptions } from './agent-run-options.ts';
import { useRunner } from './longhaul-provider.tsx';
import { noRun, useNoRun } from './use-no-run.ts';

/** A part of a run's view; the component renders only when that part changes. */
export function useRunSelection<T>(runId: string | undefined, select: (view: RunView) => T): T | undefined {
  // Only what is read of the result makes TanStack Query render: nothing else may be taken from it here.
  const { data } = useQuery({
    ...agentRunOptions(useRunner(), runId ?? noRun),
    enabled: runId !== undefined,
    select,
  });
  useNoRun(runId);
  return data;
}
