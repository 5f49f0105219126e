import type { Step } from '../step.ts';
import { queuedDeadline, runDeadline } from '../wake-at.ts';
import { cancelTimer, wind } from './cancel.ts';
import { send } from './begin-leg.ts';

/** Time has come for something: a limit first, then whatever was put off until now. */
export function onTimer(step: Step): void {
  const { state, at } = step;
  const { phase, policy } = state;
  if (phase.type === 'done' || phase.type === 'starting') return;
  if (phase.type === 'cancelling') return cancelTimer(step, phase);
  if (state.held) return;
  const deadline = runDeadline(state);
  if (deadline !== null && at >= deadline) {
    const message = `The run has taken ${policy.runMs} ms, its limit \`runMs\`.`;
    return wind(step, { status: 'incomplete', error: { code: 'run_timeout', message }, limit: true });
  }
  const queuedUntil = queuedDeadline(state);
  if (queuedUntil !== null && at >= queuedUntil) {
    const message = `The response has been queued for ${policy.queuedMs} ms, the limit \`queuedMs\`.`;
    return wind(step, { status: 'incomplete', error: { code: 'queued_timeout', message }, limit: true });
  }
  if (
    phase.type === 'creating' &&
    phase.stage === 'backing_off' &&
    phase.retryAt !== null &&
    at >= phase.retryAt
  ) {
    // The first send of an attempt shows its request; a repetition sends the same.
    send(step, phase, phase.tries + phase.unknownTries + phase.chainTries === 0);
  } else if (phase.type === 'waiting' && phase.nextAt !== null && at >= phase.nextAt) {
    step.go({ ...phase, nextAt: null });
    step.perform({ type: 'retrieve' });
  }
}
