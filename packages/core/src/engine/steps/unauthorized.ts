import type { Waiting } from '../run-state.ts';
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
  step.perform({
    type: 'stop',
    error: {
      code: 'unauthorized',
      message: `The server refused the credentials for ${responseId}. Its job goes on; resume the run with credentials that hold.`,
    },
  });
}
