import type { Creating, Outcome, RunState, Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { queuedDeadline, queuedLimitMs, runDeadline } from '../wake-at.ts';
import { saveAndSend } from './begin-iteration.ts';
import { onCancelTimer, cancelThenEnd } from './cancel.ts';
import { onCreateTimer } from './buffering-proxy.ts';
import { retrieveEarly, retrieveNow } from './poll.ts';

/** A timer that rings so much later than it was set for, in milliseconds, was asleep with its process. */
const sleptForMs = 30_000;

/** Time has come for something: a limit first, then what was put off until now. */
export function onTimer(step: Step): void {
  const { state, time } = step;
  const { phase } = state;
  if (phase.type === 'done' || phase.type === 'starting') return;
  if (phase.type === 'cancelling') return onCancelTimer(step, phase);
  if (state.draining) return;
  const limit = limitReached(state, time);
  if (limit !== undefined) {
    // A process that has only now got its turn knows nothing new: the response may be over by now.
    if (phase.type === 'waiting' && state.background && isStale(state, phase, limit.reachedAt, time)) {
      if (phase.nextAt === null) step.perform({ type: 'abort_request' });
      return retrieveNow(step, { ...phase, mode: 'poll' });
    }
    return cancelThenEnd(step, limit.outcome);
  }
  const due = (when: number | null): boolean => when !== null && time >= when;
  if (phase.type === 'creating' && phase.stage === 'sending') onCreateTimer(step, phase);
  else if (phase.type === 'creating' && phase.stage === 'backing_off' && due(phase.retryAt))
    sendAgain(step, phase);
  else if (phase.type === 'waiting' && due(phase.nextAt)) retrieveNow(step, phase);
}

/** The limit that the run has reached, if any, and since when. */
function limitReached(
  state: RunState,
  time: number,
): { readonly reachedAt: number; readonly outcome: Outcome } | undefined {
  const limits = [
    [runDeadline(state), 'run_timeout', `The run has taken ${state.policy.runMs} ms, its limit \`runMs\`.`],
    [
      queuedDeadline(state),
      'queued_timeout',
      `The response has been queued for ${queuedLimitMs(state)} ms, the limit \`queuedMs\`.`,
    ],
  ] as const;
  for (const [reachedAt, code, message] of limits) {
    if (reachedAt !== null && time >= reachedAt)
      return { reachedAt, outcome: { status: 'incomplete', error: { code, message }, errorKind: 'limit' } };
  }
  return undefined;
}

/**
 * Whether what is known of the response is from before the limit, and old: what the server said last is that it should
 * be left alone for long, or nothing of the response.
 */
function isStale(
  { policy }: RunState,
  { nextAt, lastPolledAt, pending, error }: Waiting,
  reachedAt: number,
  time: number,
): boolean {
  if (lastPolledAt !== null && lastPolledAt >= reachedAt) return false;
  if (nextAt === null) return time - reachedAt > sleptForMs;
  return time >= nextAt || error !== null || time - (lastPolledAt ?? pending.since) > policy.polling.maxMs;
}

/**
 * The world is back: the page is shown again, the network is there. What was put off is done now, unless the server
 * itself asked for the delay.
 */
export function onWoken(step: Step): void {
  const { phase, draining, attempts, unknownCreates = 0 } = step.state;
  if (draining) return;
  const last = attempts.at(-1)?.error;
  if (phase.type === 'waiting' && phase.nextAt !== null && isOwnDelay(phase.error))
    retrieveEarly(step, phase);
  // A create whose answer was lost gives the server its time.
  if (phase.type !== 'creating' || phase.stage !== 'backing_off' || unknownCreates > 0) return;
  if (last !== undefined && isOwnDelay(last)) sendAgain(step, phase);
}

/** Whether a delay is our own choice: after no trouble, or trouble with the connection. */
export function isOwnDelay(error: ErrorView | null): boolean {
  return error === null || error.code.startsWith('connection_');
}

export function sendAgain(step: Step, phase: Creating): void {
  // The first send of an attempt shows its request; a repetition sends the same.
  saveAndSend(step, phase, step.state.attempts.at(-1)?.error === undefined);
}
