import type { Creating, Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { emitPending } from './poll.ts';
import type { Failure } from '../policy/failure.ts';

/** Driving stops, and the run stays resumable: nothing is lost at the server, and nothing is cancelled. */
export function stopDriving(step: Step, error: ErrorView): void {
  step.perform({ type: 'stop', error });
}

/** The credentials do not hold. The run stays as it is until it is resumed with others. */
export function stopWaiting(step: Step, refused: Waiting, error: ErrorView): void {
  const phase: Waiting = { ...refused, error };
  const { responseId } = phase.pending;
  step.enter(phase);
  step.setAttempt({ error });
  emitPending(step, phase, { type: 'poll' });
  stopDriving(step, unauthorized(error, `The job ${responseId} goes on`));
}

/** The create cannot be sent with these credentials. It is sent by the process that resumes the run. */
export function stopCreating(step: Step, creating: Creating, error: ErrorView): void {
  step.set({ trouble: null });
  step.enter({ ...creating, stage: 'backing_off', retryAt: step.time, sentAt: null, giveUpAt: null });
  step.save();
  stopDriving(step, unauthorized(error, 'Nothing was started'));
}

function unauthorized(error: ErrorView, what: string): ErrorView {
  // A server's own words may quote the key.
  const why = error.status === undefined ? error.message : 'The server refused the credentials.';
  return { code: 'unauthorized', message: `${why} ${what}; resume the run with credentials that hold.` };
}

/** How long every answer to the GETs of a response may come from something other than the API, in milliseconds. */
const foreignForMs = 15 * 60_000;

/** Since when only something other than the API has answered. No answer at all neither begins nor ends that. */
export function foreignSince(
  { foreignSince: since }: Waiting,
  failure: Failure,
  time: number,
): number | null {
  if (failure.kind !== 'http') return since;
  return failure.sender === 'other' ? (since ?? time) : null;
}

/**
 * Whether driving stops here: for a quarter of an hour the API has not answered a GET, and something else has, such as a
 * gateway that does not route GET. Nothing is cancelled, and the run stays resumable.
 */
export function stopIfNotTheApi(step: Step, phase: Waiting, failure: Failure): boolean {
  const { foreignSince: since, pending, error } = phase;
  const isForeign = failure.kind === 'http' && failure.sender === 'other';
  if (!isForeign || since === null || step.time - since < foreignForMs) return false;
  step.enter({ ...phase, foreignSince: null, failures: 0, nextAt: step.time });
  emitPending(step, phase, { type: 'poll' });
  const message = `For 15 minutes every answer to GET /responses/${pending.responseId} came from something other than the API (the last: ${error?.message ?? 'unknown'}). Check that the gateway at the client's baseURL routes GET. The job goes on; resume the run to ask for it again.`;
  stopDriving(step, { code: 'not_the_api', message });
  return true;
}
