import { errorMessage } from '../../errors/error-message.ts';
import type { Run } from '../../run/run.ts';

/** Cancels the run when `signal` aborts, if the run has not ended. */
export function watchSignal(run: Run, signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  const cancel = (): void => {
    const { reason } = signal;
    const why = reason === undefined ? undefined : errorMessage(reason);
    // If it fails, driving has stopped, and `result()` rejects with the reason.
    run.cancel(why).catch(() => undefined);
  };
  if (signal.aborted) return cancel();
  signal.addEventListener('abort', cancel, { once: true });
  void run.done().then(() => signal.removeEventListener('abort', cancel));
}
