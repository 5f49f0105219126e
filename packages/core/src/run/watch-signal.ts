import { errorMessage } from '../errors/error-message.ts';
import type { Run } from './run.ts';

/** The signals that are already watched for each run. Each resume may pass the same signal again. */
const watched = new WeakMap<Run, Set<AbortSignal>>();

/** Cancels the run when `signal` aborts, if the run has not ended. */
export function watchSignal(run: Run, signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  const cancel = (): void => {
    const { reason } = signal;
    const why = reason === undefined ? undefined : errorMessage(reason);
    // If the cancel fails, driving has stopped, and `result()` rejects with the reason.
    run.cancel(why).catch(() => undefined);
  };
  if (signal.aborted) return cancel();
  const signals = watched.get(run) ?? new Set();
  if (signals.has(signal)) return;
  watched.set(run, signals.add(signal));
  signal.addEventListener('abort', cancel, { once: true });
  void run.done().then(() => {
    signals.delete(signal);
    signal.removeEventListener('abort', cancel);
  });
}
