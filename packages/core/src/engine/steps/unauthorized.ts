import type { Creating, Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { tellPending } from './poll.ts';

/** The credentials do not hold: nothing is lost at the server, so the run stays as it is until someone resumes it. */
export function unauthorized(step: Step, refused: Waiting, error: ErrorView): void {
  const phase: Waiting = { ...refused, error };
  const { responseId } = phase.pending;
  step.go(phase);
  step.setAttempt({ error });
  tellPending(step, phase, { type: 'poll' });
  stop(step, error, `The job ${responseId} goes on`);
}

/** There is nothing to send the create with: it waits for whoever resumes the run. */
export function withoutCredentials(step: Step, creating: Creating, error: ErrorView): void {
  step.go({ ...creating, stage: 'backing_off', tries: 0, retryAt: step.at });
  step.save();
  stop(step, error, 'Nothing was sent');
}

function stop(step: Step, error: ErrorView, what: string): void {
  // A server's own words may quote the key.
  const why = error.status === undefined ? error.message : 'The server refused the credentials.';
  const message = `${why} ${what}; resume the run with credentials that hold.`;
  step.perform({ type: 'stop', error: { code: 'unauthorized', message } });
}
