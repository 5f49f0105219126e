import { defined } from '../../wire/defined.ts';
import { addUsage, readUsage } from '../../wire/read-usage.ts';
import { isTerminal, type Response } from '../../wire/response.ts';
import type { EngineEventOf } from '../engine-event.ts';
import { backOff, pauseAfter } from '../policy/retry-delay.ts';
import type { Failure } from '../policy/failure.ts';
import { judgeRetrieve } from '../policy/judge-failure.ts';
import type { Cancelling, Outcome, PendingResponse } from '../run-state.ts';
import type { Step } from '../step.ts';
import { endRun } from './end-run.ts';

/** A cancel that cannot be delivered ends the run all the same, after this long; so does one whose id never comes. */
export const deliverWithinMs = 8_000;
/** A response that was created this recently may not be found yet, though it runs. */
const unfoundForMs = 15_000;

/** A person, or the run's `signal`, wants the run to end. */
export function onCancelAsked(step: Step, event: EngineEventOf<'cancel_asked'>): void {
  const { phase } = step.state;
  if (phase.type === 'done' || phase.type === 'cancelling') return;
  const { reason } = event;
  step.emit({ type: 'run.cancelling', ...defined({ reason }) });
  const message = reason === undefined ? 'The run was cancelled.' : `The run was cancelled: ${reason}`;
  cancelThenEnd(step, { status: 'cancelled', error: { code: 'cancelled', message } });
}

/** Ends the run early: first at the server, where something may be running, then here (I8). */
export function cancelThenEnd(step: Step, outcome: Outcome): void {
  const { phase, background, unknownCreates = 0 } = step.state;
  if (phase.type === 'waiting') {
    // A foreground response ends with its connection; the server knows no other cancel for it.
    if (!background && phase.mode === 'stream') return endRun(step, outcome);
    step.perform({ type: 'abort_request' });
    return startCancel(step, outcome, phase.pending, 'cancelling');
  }
  if (phase.type === 'creating' && phase.stage === 'sending' && background) {
    return startCancel(step, outcome, null, 'awaiting_id');
  }
  if (phase.type === 'creating' && unknownCreates > 0) {
    step.warn(
      'orphan_possible',
      'A create of this iteration was never answered; its job may go on at the server.',
    );
  }
  endRun(step, outcome);
}

function startCancel(
  step: Step,
  outcome: Outcome,
  pending: PendingResponse | null,
  stage: Cancelling['stage'],
): void {
  step.enter({
    type: 'cancelling',
    outcome,
    stage,
    pending,
    tries: 0,
    retryAt: null,
    deadlineAt: step.time + deliverWithinMs,
  });
  // The wish outlives the process: whoever resumes the run finishes it.
  step.save();
  if (stage === 'cancelling') step.perform({ type: 'cancel' });
}

/** The create was answered after the cancel was asked for: now there is an id to cancel. */
export function cancelPending(step: Step, phase: Cancelling, response: Response): void {
  const pending = { responseId: response.id, status: response.status, since: step.time };
  step.setAttempt({ responseId: response.id, status: response.status });
  const named: Cancelling = {
    ...phase,
    pending,
    stage: 'cancelling',
    deadlineAt: step.time + deliverWithinMs,
  };
  step.enter(named);
  if (isTerminal(response.status)) return finalAnswer(step, named, response);
  step.save();
  step.perform({ type: 'cancel' });
}

/** The server answered the cancel, with whatever status the race left: its calls are not run (I8). */
export function cancelAnswered(step: Step, phase: Cancelling, response: Response): void {
  step.setAttempt({ status: response.status });
  const pending = phase.pending === null ? null : { ...phase.pending, status: response.status };
  if (response.usage !== null) return finalAnswer(step, { ...phase, pending }, response);
  // I2's one exception: a cancel answered without usage is followed by one GET, for the usage alone.
  step.enter({ ...phase, pending, stage: 'confirming', retryAt: null });
  step.perform({ type: 'retrieve' });
}

export function cancelConfirmed(step: Step, response: Response): void {
  const { phase } = step.state;
  if (phase.type !== 'cancelling') return;
  // The cancel was refused, and not because there was nothing left to cancel.
  const runsOn = !isTerminal(response.status) && !isTerminal(phase.pending?.status ?? '');
  if (runsOn) warnUndelivered(step, response.id);
  // What the cancel was answered with stands: only the usage was asked for.
  const known = phase.pending?.status ?? '';
  finalAnswer(step, phase, isTerminal(known) ? { ...response, status: known } : response);
}

function finalAnswer(step: Step, phase: Cancelling, response: Response): void {
  const pending = phase.pending === null ? null : { ...phase.pending, status: response.status };
  step.enter({ ...phase, pending });
  step.setAttempt({ status: response.status });
  const usage = readUsage(response.usage);
  step.set({ usage: addUsage(step.state.usage, usage) });
  endRun(step, phase.outcome, { usage });
}

/** A cancel, or the GET after it, had no usable answer. */
export function cancelFailed(step: Step, phase: Cancelling, failure: Failure): void {
  const judgement = judgeRetrieve(failure);
  // Nothing is left to cancel of a response that is not known.
  if (phase.stage === 'confirming')
    return judgement === 'not_found' ? endRun(step, phase.outcome) : giveUpCancel(step, phase);
  if (judgement === 'unauthorized') return giveUpCancel(step, phase);
  const isNew = phase.pending !== null && step.time - phase.pending.since < unfoundForMs;
  const refused =
    failure.kind === 'http' &&
    (judgement !== 'retry' || (failure.status === 409 && failure.sender === 'api'));
  if (refused && !(judgement === 'not_found' && isNew)) {
    // 400, 404 or 409: servers differ in how they say that the response is over already. One GET tells.
    step.enter({ ...phase, stage: 'confirming', retryAt: null });
    return step.perform({ type: 'retrieve' });
  }
  const tries = phase.tries + 1;
  const asked = failure.kind === 'http' ? failure.retryAfterMs : undefined;
  step.enter({ ...phase, tries, retryAt: step.time + pauseAfter(asked, backOff(tries, step.random)) });
}

/** Its time came: try again, or stop trying. */
export function cancelTimer(step: Step, phase: Cancelling): void {
  if (step.time >= phase.deadlineAt) return giveUpCancel(step, phase);
  if (phase.retryAt === null || step.time < phase.retryAt) return;
  step.enter({ ...phase, retryAt: null });
  step.perform({ type: 'cancel' });
}

export function giveUpCancel(step: Step, phase: Cancelling): void {
  if (phase.pending === null) {
    step.warn(
      'orphan_possible',
      'A create was on its way when the run was cancelled; its job may go on at the server.',
    );
  } else if (phase.stage === 'cancelling' || !isTerminal(phase.pending.status)) {
    warnUndelivered(step, phase.pending.responseId);
  }
  endRun(step, phase.outcome);
}

function warnUndelivered(step: Step, responseId: string): void {
  step.warn('cancel_undelivered', `The server could not be told to cancel ${responseId}; its job may go on.`);
}
