import { isTerminalRun, LonghaulError, type Run, RunError } from '@longhaul/core';
import { useEffect, useState } from 'react';

/**
 * Why a run that is not over is no longer driven: its store failed, or the server took the credentials no longer. The
 * view cannot tell, and a page without it would look as if it were loading for ever.
 */
export function useDrivingError(run: Run | undefined): LonghaulError | undefined {
  const [stopped, setStopped] = useState<{ readonly run: Run; readonly error: LonghaulError }>();
  const isStopped = run?.view.driver === 'none' && !isTerminalRun(run.view.status);
  useEffect(() => {
    if (run === undefined || !isStopped) return undefined;
    let mounted = true;
    run.result().catch((error: unknown) => {
      if (!mounted || !LonghaulError.isInstance(error)) return;
      // How a run ended is in its view, and who detached it knows.
      if (RunError.isInstance(error) || error.code === 'detached') return;
      setStopped({ run, error });
    });
    return () => {
      mounted = false;
    };
  }, [run, isStopped]);
  return isStopped && stopped?.run === run ? stopped?.error : undefined;
}
