import { isTerminalRun, LonghaulError, type Run, RunError } from '@longhaul/core';
import { useEffect, useState } from 'react';
import { onceEnded } from './once-ended.ts';

/**
 * Returns the error that stopped the driving of an active run, for example a store failure or rejected credentials. The
 * view does not contain this error. A page that does not show the error would appear to load indefinitely.
 */
export function useDrivingError(run: Run | undefined): LonghaulError | undefined {
  const [stopped, setStopped] = useState<{ readonly run: Run; readonly error: LonghaulError }>();
  // No process drives a run that waits for a person, either.
  const isUndriven = run?.view.driver === 'none' && !isTerminalRun(run.view.status);
  useEffect(() => {
    if (run === undefined || !isUndriven) return undefined;
    let mounted = true;
    const leave = onceEnded(run, () => {
      run.result().catch((error: unknown) => {
        if (!mounted || !LonghaulError.isInstance(error)) return;
        // The view contains the error of a run that has ended. The caller requested a detach.
        if (RunError.isInstance(error) || error.code === 'detached') return;
        setStopped({ run, error });
      });
    });
    return () => {
      mounted = false;
      leave();
    };
  }, [run, isUndriven]);
  return isUndriven && stopped?.run === run ? stopped?.error : undefined;
}
