import type { Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { waitingView } from '../waiting-view.ts';

/** The credentials do not hold: nothing is lost at the server, so the run stays as it is until someone resumes it. */
export function unauthorized(step: Step, refused: Waiting, error: ErrorView): void {
  const phase: Waiting = { ...refused, error };
  const { responseId } = phase.pending;
  step.go(phase);
  step.setAttempt({ error });
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
