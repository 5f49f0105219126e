import { defined } from '../../wire/defined.ts';
import { addUsage, readUsage } from '../../wire/read-usage.ts';
import { isTerminal, type Response } from '../../wire/response.ts';
import type { EngineEventOf } from '../engine-event.ts';
import { backOff, pauseAfter } from '../policy/retry-delay.ts';
import type { Failure } from '../policy/failure.ts';
import { judgeRetrieve } from '../policy/judge-failure.ts';
import type { Cancelling, Outcome, PendingResponse } from '../run-state.ts';
import type { Step } from '../step.ts';
import { saveStoppedOutput, saveStreamedOutput, streamedOutput } from './stopped-output.ts';
import { endRun } from './end-run.ts';

/** Milliseconds until a cancel ends the run without an answer of the server, or without the id of the response. */
export const cancelTimeoutMs = 8_000;
/** Milliseconds after its create during which the server may not find a running response. */
const notFoundYetMs = 15_000;

/** Handles a cancel request, from a user or from the run's `signal`. */
export function onCancelAsked(step: Step, event: EngineEventOf<'cancel_asked'>): void {
  const { phase } = step.state;
  if (phase.type === 'done' || phase.type === 'cancelling') return;
  const { reason } = event;
  step.emit({ type: 'run.cancelling', ...defined({ reason }) });
  const message = reason === undefined ? 'The run was cancelled.' : `The run was cancelled: ${reason}`;
  cancelThenEnd(step, { status: 'cancelled', error: { code: 'cancelled', message } });
}

/** Cancels the response that may be running at the server, then ends the run (I8). */
export function cancelThenEnd(step: Step, outcome: Outcome): void {
  const { phase, background, unknownCreates = 0 } = step.state;
  if (phase.type === 'waiting') {
    const toolCallIds = saveStreamedOutput(step, phase);
    // A foreground response ends with its connection. The API cannot cancel it otherwise.
    if (!background && phase.mode === 'stream')
      return endRun(step, outcome, { stopped: streamedOutput(toolCallIds) });
    step.perform({ type: 'abort_request' });
    return startCancel(step, outcome, phase.pending, 'cancelling', toolCallIds);
  }
  if (phase.type === 'creating' && phase.stage === 'sending' && background) {
    return startCancel(step, outcome, null, 'awaiting_id');
  }
  if (phase.type === 'creating' && unknownCreates > 0) {
    step.warn(
      'orphan_possible',
      'A create of this iteration was never answered. Its job may still be running at the server.',
    );
  }
  endRun(step, outcome);
}

function startCancel(
  step: Step,
  outcome: Outcome,
  pending: PendingResponse | null,
  stage: Cancelling['stage'],
  toolCallIds?: readonly string[],
): void {
  step.enter({
    type: 'cancelling',
    outcome,
    stage,
    ...defined({ toolCallIds }),
    pending,
    tries: 0,
    retryAt: null,
    deadlineAt: step.time + cancelTimeoutMs,
  });
  // Save first, so that a process that resumes the run completes the cancel.
  step.save();
  if (stage === 'cancelling') step.perform({ type: 'cancel' });
}

/** Sends the cancel when the create is answered, because the response's id is known only then. */
export function cancelPending(step: Step, phase: Cancelling, response: Response): void {
  const pending = { responseId: response.id, status: response.status, since: step.time };
  step.setAttempt({ responseId: response.id, status: response.status });
  const named: Cancelling = {
    ...phase,
    pending,
    stage: 'cancelling',
    deadlineAt: step.time + cancelTimeoutMs,
  };
  step.enter(named);
  if (isTerminal(response.status)) return endWithResponse(step, named, response);
  step.save();
  step.perform({ type: 'cancel' });
}

/** Handles the answer to the cancel. If the response completed first, its calls are not executed (I8). */
export function cancelAnswered(step: Step, phase: Cancelling, response: Response): void {
  step.setAttempt({ status: response.status });
  const pending = phase.pending === null ? null : { ...phase.pending, status: response.status };
  if (response.usage !== null) return endWithResponse(step, { ...phase, pending }, response);
  // The first exception of I2: if the answer to the cancel has no usage, one GET reads it.
  step.enter({ ...phase, pending, stage: 'confirming', retryAt: null });
  step.perform({ type: 'retrieve' });
}

/** Handles the answer to the GET after the cancel. */
export function cancelConfirmed(step: Step, response: Response): void {
  const { phase } = step.state;
  if (phase.type !== 'cancelling') return;
  // The server refused the cancel although the response had not ended.
  const isStillRunning = !isTerminal(response.status) && !isTerminal(phase.pending?.status ?? '');
  if (isStillRunning) warnUndelivered(step, response.id);
  // The status from the answer to the cancel is kept, because this GET only reads the usage.
  const known = phase.pending?.status ?? '';
  endWithResponse(step, phase, isTerminal(known) ? { ...response, status: known } : response);
}

/** Ends the run, with the status and the usage of its last response. */
function endWithResponse(step: Step, phase: Cancelling, response: Response): void {
  const pending = phase.pending === null ? null : { ...phase.pending, status: response.status };
  step.enter({ ...phase, pending });
  step.setAttempt({ status: response.status });
  const stopped = phase.toolCallIds === undefined ? saveStoppedOutput(step, response.output) : undefined;
  const usage = readUsage(response.usage);
  step.set({ usage: addUsage(step.state.usage, usage) });
  endRun(step, phase.outcome, { usage, ...defined({ stopped }) });
}

/** Handles a cancel, or the GET after it, without a usable answer. */
export function cancelFailed(step: Step, phase: Cancelling, failure: Failure): void {
  const judgement = judgeRetrieve(failure);
  // A response that the server does not have cannot be running.
  if (phase.stage === 'confirming')
    return judgement === 'not_found' ? endRun(step, phase.outcome) : abandonCancel(step, phase);
  if (judgement === 'unauthorized') return abandonCancel(step, phase);
  const isNew = phase.pending !== null && step.time - phase.pending.since < notFoundYetMs;
  const refused =
    failure.kind === 'http' &&
    (judgement !== 'retry' || (failure.status === 409 && failure.sender === 'api'));
  if (refused && !(judgement === 'not_found' && isNew)) {
    // Servers answer 400, 404 or 409 if the response has already ended. One GET shows whether it has.
    step.enter({ ...phase, stage: 'confirming', retryAt: null });
    return step.perform({ type: 'retrieve' });
  }
  const tries = phase.tries + 1;
  const asked = failure.kind === 'http' ? failure.retryAfterMs : undefined;
  step.enter({ ...phase, tries, retryAt: step.time + pauseAfter(asked, backOff(tries, step.random)) });
}

/** Sends the cancel again, or abandons it at its deadline. */
export function onCancelTimer(step: Step, phase: Cancelling): void {
  if (step.time >= phase.deadlineAt) return abandonCancel(step, phase);
  if (phase.retryAt === null || step.time < phase.retryAt) return;
  step.enter({ ...phase, retryAt: null });
  step.perform({ type: 'cancel' });
}

export function abandonCancel(step: Step, phase: Cancelling): void {
  if (phase.pending === null) {
    step.warn(
      'orphan_possible',
      'The run ended while a create was in flight. Its job may still be running at the server.',
    );
  } else if (phase.stage === 'cancelling' || !isTerminal(phase.pending.status)) {
    warnUndelivered(step, phase.pending.responseId);
  }
  endRun(step, phase.outcome);
}

function warnUndelivered(step: Step, responseId: string): void {
  step.warn(
    'cancel_undelivered',
    `The server did not accept the cancel of ${responseId}. Its job may still be running.`,
  );
}
