import type { Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import { waitingView } from '../waiting-view.ts';

/** The credentials do not hold: nothing is lost at the server, so the run stays as it is until someone resumes it. */
export function unauthorized(step: Step, phase: Waiting): void {
  const { responseId } = phase.pending;
  step.tell({
    type: 'poll',
    iteration: step.state.iteration,
    polls: phase.polls,
    waiting: waitingView(step.state, phase),
  });
  step.perform({
    type: 'stop',
    error: {
      code: 'unauthorized',
      message: `The server refused the credentials for ${responseId}. Its job goes on; resume the run with credentials that hold.`,
    },
  });
}
