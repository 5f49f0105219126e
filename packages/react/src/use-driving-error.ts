import { isTerminalRun, LonghaulError, type Run, RunError } from '@longhaul/core';
import { useEffect, useState } from 'react';

/**
 * Returns the error that stopped the driving of an active run, for example a store failure or rejected credentials. The
 * view does not contain this error. A page that does not show the error would appear to load indefinitely.
 */
export function useDrivingError(run: Run | undefined): LonghaulError | undefined {
  const [stopped, setStopped] = useState<{ readonly run: Run; readonly error: LonghaulError }>();
  const isStopped = run?.view.driver === 'none' && !isTerminalRun(run.view.status);
  useEffect(() => {
    if (run === undefined || !isStopped) return undefined;
    let mounted = true;
    run.result().catch((error: unknown) => {
      if (!mounted || !LonghaulError.isInstance(error)) return;
      // The view contains the error of a run that has ended. The caller requested a detach.
      if (RunError.isInstance(error) || error.code === 'detached') return;
      setStopped({ run, error });
    });
    return () => {
      mounted = false;
    };
  }, [run, isStopped]);
  return isStopped && stopped?.run === run ? stopped?.error : undefined;
}
