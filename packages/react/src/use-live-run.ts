import type { Run, Runner } from '@longhaul/core';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { RunObserver } from './run-observer.ts';

const nothing = (): undefined => undefined;
const neverChanges = (): (() => void) => nothing;

/**
 * Returns the run with this id while the runner has loaded it. Returns undefined on servers and during hydration: there
 * the hooks render only the query cache, so that server and browser render the same.
 */
export function useLiveRun(runner: Runner, runId: string | undefined): Run | undefined {
  return useSyncExternalStore(
    useCallback((listener) => runner.subscribe(listener), [runner]),
    () => (runId === undefined ? undefined : runner.get(runId)),
    nothing,
  );
}

/** Returns the run's view at the rate of {@link RunObserver}. */
export function useRunView<R extends Run>(
  run: R | undefined,
  throttleMs: number | undefined,
): R['view'] | undefined {
  const observer = useMemo(
    () => (run === undefined ? undefined : new RunObserver<R['view']>(run, throttleMs)),
    [run, throttleMs],
  );
  const getSnapshot = observer?.getSnapshot ?? nothing;
  return useSyncExternalStore(observer?.subscribe ?? neverChanges, getSnapshot, getSnapshot);
}
