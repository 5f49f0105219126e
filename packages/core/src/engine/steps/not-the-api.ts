import type { Failure } from '../policy/failure.ts';
import type { Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import { emitPending } from './poll.ts';
import { stopDriving } from './stop.ts';

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
export function stopForeign(step: Step, phase: Waiting, failure: Failure): boolean {
  const { foreignSince: since, pending, error } = phase;
  const isForeign = failure.kind === 'http' && failure.sender === 'other';
  if (!isForeign || since === null || step.time - since < foreignForMs) return false;
  step.go({ ...phase, foreignSince: null, failures: 0, nextAt: step.time });
  emitPending(step, phase, { type: 'poll' });
  const message = `For 15 minutes every answer to GET /responses/${pending.responseId} came from something other than the API (the last: ${error?.message ?? 'unknown'}). Check that the gateway at the client's baseURL routes GET. The job goes on; resume the run to ask for it again.`;
  stopDriving(step, { code: 'not_the_api', message });
  return true;
}
