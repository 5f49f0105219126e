import type { Creating, Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { emitPending } from './poll.ts';
import type { Failure } from '../policy/failure.ts';

/** Stops driving. The run stays resumable, and its response continues at the server. */
export function stopDriving(step: Step, error: ErrorView): void {
  step.perform({ type: 'stop', error });
}

/** Stops driving while a response is pending, because valid credentials are missing. */
export function stopWaiting(step: Step, refused: Waiting, error: ErrorView): void {
  const phase: Waiting = { ...refused, error };
  const { responseId } = phase.pending;
  step.enter(phase);
  step.setAttempt({ error });
  emitPending(step, phase, { type: 'poll' });
  stopDriving(step, unauthorized(error, `The job of ${responseId} continues.`));
}

/**
 * Stops driving before a create, because valid credentials are missing. The process that resumes the run sends the
 * create.
 */
export function stopCreating(step: Step, creating: Creating, error: ErrorView): void {
  step.set({ trouble: null });
  step.enter({ ...creating, stage: 'backing_off', retryAt: step.time, sentAt: null, giveUpAt: null });
  step.save();
  stopDriving(step, unauthorized(error, 'No job was started.'));
}

function unauthorized(error: ErrorView, jobState: string): ErrorView {
  // The server's message may quote the key.
  const why = error.status === undefined ? error.message : 'The server refused the credentials.';
  return {
    code: 'unauthorized',
    message: `${why.replace(/\.?$/, '.')} ${jobState} Resume the run with valid credentials.`,
  };
}

/** Milliseconds for which every answer to the GETs of a response may be foreign, which means not from the API. */
const foreignForMs = 15 * 60_000;

/** When the first of the foreign answers in a row arrived. A GET without an answer does not change it. */
export function foreignSince(
  { foreignSince: since }: Waiting,
  failure: Failure,
  time: number,
): number | null {
  if (failure.kind !== 'http') return since;
  return failure.sender === 'other' ? (since ?? time) : null;
}

/**
 * Stops driving if every answer to the GETs was foreign for 15 minutes, for example because a gateway does not route
 * GET. Nothing is cancelled, and the run stays resumable. Returns whether driving stops.
 */
export function stopIfNotTheApi(step: Step, phase: Waiting, failure: Failure): boolean {
  const { foreignSince: since, pending, error } = phase;
  const isForeign = failure.kind === 'http' && failure.sender === 'other';
  if (!isForeign || since === null || step.time - since < foreignForMs) return false;
  step.enter({ ...phase, foreignSince: null, failures: 0, nextAt: step.time });
  emitPending(step, phase, { type: 'poll' });
  const message = `For 15 minutes, every answer to GET /responses/${pending.responseId} came from something other than the API (the last: ${error?.message ?? 'unknown'}). Check that the gateway at the client's baseURL routes GET. The job continues. Resume the run to retrieve it again.`;
  stopDriving(step, { code: 'not_the_api', message });
  return true;
}
