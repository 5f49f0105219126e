import type { Creating, Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
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
  const due = (time: number | null): boolean => time !== null && at >= time;
  if (phase.type === 'creating' && phase.stage === 'backing_off' && due(phase.retryAt))
    sendAgain(step, phase);
  else if (phase.type === 'waiting' && due(phase.nextAt)) askNow(step, phase);
}

/**
 * The world is back: the page is shown again, the network is there. What was put off is done now, unless the server
 * itself asked for the delay.
 */
export function onWoken(step: Step): void {
  const { phase, held, attempts } = step.state;
  if (held) return;
  const last = attempts.at(-1)?.error;
  if (phase.type === 'waiting' && phase.nextAt !== null && ours(phase.error)) askNow(step, phase);
  if (phase.type === 'creating' && phase.stage === 'backing_off' && last !== undefined && ours(last)) {
    sendAgain(step, phase);
  }
}

/** Whether a delay is our own choice: after no trouble, or trouble with the connection. */
function ours(error: ErrorView | null): boolean {
  return error === null || error.code.startsWith('connection_');
}

function sendAgain(step: Step, phase: Creating): void {
  // The first send of an attempt shows its request; a repetition sends the same.
  send(step, phase, phase.tries + phase.unknownTries + phase.chainTries === 0);
}

function askNow(step: Step, phase: Waiting): void {
  step.go({ ...phase, nextAt: null });
  step.perform({ type: 'retrieve' });
}
