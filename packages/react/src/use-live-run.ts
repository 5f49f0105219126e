import type { Run, Runner } from '@longhaul/core';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { RunObserver } from './run-observer.ts';

const nothing = (): undefined => undefined;
const neverChanges = (): (() => void) => nothing;

/**
 * The run with this id while it lives in the runner, whoever started it. Nothing on servers and while hydrating: there
 * the query cache alone decides what is shown, so that both sides render the same.
 */
export function useLiveRun(runner: Runner, runId: string | undefined): Run | undefined {
  return useSyncExternalStore(
    useCallback((listener) => runner.subscribe(listener), [runner]),
    () => (runId === undefined ? undefined : runner.get(runId)),
    nothing,
  );
}

/** The run's view, at the rate that {@link RunObserver} gives. */
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
