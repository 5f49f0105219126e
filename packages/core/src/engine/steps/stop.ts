import type { Creating, Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { emitPending } from './poll.ts';

/** Driving stops, and the run stays resumable: nothing is lost at the server, and nothing is cancelled. */
export function stopDriving(step: Step, error: ErrorView): void {
  step.perform({ type: 'stop', error });
}

/** The credentials do not hold. The run stays as it is until it is resumed with others. */
export function stopWaiting(step: Step, refused: Waiting, error: ErrorView): void {
  const phase: Waiting = { ...refused, error };
  const { responseId } = phase.pending;
  step.go(phase);
  step.setAttempt({ error });
  emitPending(step, phase, { type: 'poll' });
  stopDriving(step, unauthorized(error, `The job ${responseId} goes on`));
}

/** The create cannot be sent with these credentials. It is sent by the process that resumes the run. */
export function stopUnsent(step: Step, creating: Creating, error: ErrorView): void {
  step.set({ trouble: null });
  step.go({ ...creating, stage: 'backing_off', retryAt: step.time, sentAt: null, giveUpAt: null });
  step.save();
  stopDriving(step, unauthorized(error, 'Nothing was started'));
}

function unauthorized(error: ErrorView, what: string): ErrorView {
  // A server's own words may quote the key.
  const why = error.status === undefined ? error.message : 'The server refused the credentials.';
  return { code: 'unauthorized', message: `${why} ${what}; resume the run with credentials that hold.` };
}
