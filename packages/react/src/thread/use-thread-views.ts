import type { AgentRef, ContextOf, Run, Runner, RunView, ThreadRun } from '@longhaul/core';
import { useQueries } from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';
import { agentRunOptions } from '../agent-run-options.ts';
import { RunsObserver } from './runs-observer.ts';

const noRuns: readonly Run[] = [];

/** The runs that the runner has loaded. None on servers and during hydration. */
export function useLoadedRuns(runner: Runner): readonly Run[] {
  return useSyncExternalStore(
    (listener) => runner.subscribe(listener),
    () => runner.runs,
    () => noRuns,
  );
}

export interface ThreadViews {
  readonly views: ReadonlyMap<string, RunView>;
  /** The ids of the runs that cannot be loaded. */
  readonly failed: ReadonlySet<string>;
  readonly isLoading: boolean;
  readonly error: Error | null;
}

/** Loads these runs of a thread, and follows their views at a limited rate. */
export function useThreadViews<A extends AgentRef>(
  runner: Runner,
  loaded: readonly Run[],
  runs: readonly ThreadRun[],
  owner: { readonly agent: A; readonly context: ContextOf<A> | undefined },
  throttleMs: number | undefined,
): ThreadViews {
  const ids = runs.map(({ runId }) => runId).join('\n');
  const handles = useMemo(() => {
    const byId = new Map(loaded.map((run) => [run.id, run]));
    return ids === '' ? [] : ids.split('\n').map((runId) => byId.get(runId));
  }, [loaded, ids]);
  const observer = useMemo(() => new RunsObserver(handles, throttleMs), [handles, throttleMs]);
  const live = useSyncExternalStore(observer.subscribe, observer.getSnapshot, observer.getSnapshot);
  const queries = useQueries({
    queries: runs.map(({ runId, agent }, index) => ({
      // A thread may have runs of other agents. The runner resumes those with its own agents.
      ...agentRunOptions(runner, runId, agent === owner.agent.name ? owner : {}),
      // A loaded run is rendered at this hook's own rate, not at the rate of the cache.
      notifyOnChangeProps:
        handles[index] === undefined
          ? (['status', 'fetchStatus', 'error', 'data'] as const)
          : (['status', 'fetchStatus', 'error'] as const),
    })),
  });
  const views = new Map<string, RunView>();
  const failed = new Set<string>();
  let isLoading = false;
  let error: Error | null = null;
  for (const [index, { runId }] of runs.entries()) {
    const query = queries[index];
    const view: RunView | undefined = live[index] ?? query?.data;
    if (view !== undefined) views.set(runId, view);
    else {
      isLoading ||= query?.isLoading ?? true;
      error ??= query?.error ?? null;
      if (query?.isError === true) failed.add(runId);
    }
  }
  return { views, failed, isLoading, error };
}
