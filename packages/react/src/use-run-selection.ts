import type { RunView } from '@longhaul/core';
import { useQuery } from '@tanstack/react-query';
import { agentRunOptions } from './agent-run-options.ts';
import { useRunner } from './longhaul-provider.tsx';

/** A part of a run's view; the component renders only when that part changes. */
export function useRunSelection<T>(runId: string | undefined, select: (view: RunView) => T): T | undefined {
  const { data } = useQuery({
    ...agentRunOptions(useRunner(), runId ?? ''),
    enabled: runId !== undefined,
    select,
    notifyOnChangeProps: ['data'],
  });
  return data;
}
