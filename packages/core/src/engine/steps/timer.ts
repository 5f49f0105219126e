import type { Creating, Outcome, RunState, Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { queuedDeadline, runDeadline } from '../wake-at.ts';
import { cancelTimer, wind } from './cancel.ts';
import { send } from './begin-leg.ts';

/** A timer that rings so much later than it was set for was asleep with its process. */
const sleptForMs = 30_000;

/** Time has come for something: a limit first, then whatever was put off until now. */
export function onTimer(step: Step): void {
  const { state, at } = step;
  const { phase } = state;
  if (phase.type === 'done' || phase.type === 'starting') return;
  if (phase.type === 'cancelling') return cancelTimer(step, phase);
  if (state.held) return;
  const limit = limitReached(state, at);
  if (limit !== undefined) {
    // A process that slept, or has only now taken the run up, knows nothing new: the response may be over by now.
    if (phase.type === 'waiting' && state.background && isStale(phase, limit.reachedAt, at)) {
      if (phase.nextAt === null) step.perform({ type: 'abort_request' });
      return askNow(step, { ...phase, mode: 'poll' });
    }
    return wind(step, limit.outcome);
  }
  const due = (time: number | null): boolean => time !== null && at >= time;
  if (phase.type === 'creating' && phase.stage === 'backing_off' && due(phase.retryAt))
    sendAgain(step, phase);
  else if (phase.type === 'waiting' && due(phase.nextAt)) askNow(step, phase);
}

/** The limit that the run has reached, if any, and since when. */
function limitReached(
  state: RunState,
  at: number,
): { readonly reachedAt: number; readonly outcome: Outcome } | undefined {
  const { runMs, queuedMs } = state.policy;
  const limits = [
    [runDeadline(state), 'run_timeout', `The run has taken ${runMs} ms, its limit \`runMs\`.`],
    [
      queuedDeadline(state),
      'queued_timeout',
      `The response has been queued for ${queuedMs} ms, the limit \`queuedMs\`.`,
    ],
  ] as const;
  for (const [reachedAt, code, message] of limits) {
    if (reachedAt !== null && at >= reachedAt)
      return { reachedAt, outcome: { status: 'incomplete', error: { code, message }, limit: true } };
  }
  return undefined;
}

/** Whether what is known of the response is from before the limit, and it is time to ask. */
function isStale({ nextAt, lastPolledAt }: Waiting, reachedAt: number, at: number): boolean {
  if (lastPolledAt !== null && lastPolledAt >= reachedAt) return false;
  return nextAt === null ? at - reachedAt > sleptForMs : at >= nextAt;
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
  send(step, phase, step.state.attempts.at(-1)?.error === undefined);
}

function askNow(step: Step, phase: Waiting): void {
  step.go({ ...phase, nextAt: null });
  step.perform({ type: 'retrieve' });
}
