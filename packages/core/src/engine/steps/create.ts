import type { EngineEventOf } from '../engine-event.ts';
import { backOff } from '../policy/back-off.ts';
import { errorOf, judgeCreate, type Failure } from '../policy/failure.ts';
import type { Creating } from '../run-state.ts';
import type { Step } from '../step.ts';
import { isTerminal, type Response } from '../../wire/response.ts';
import type { WaitMode } from '../view/run-view.ts';
import { beginAttempt, send, tellFailedAttempt } from './begin-leg.ts';
import { cancelAnswered, cancelConfirmed, cancelPending } from './cancel.ts';
import { judgeChain } from './chain-refusal.ts';
import { endLeg } from './end-leg.ts';
import { endRun } from './end-run.ts';
import { polled, waitFor } from './poll.ts';
import { withoutCredentials } from './unauthorized.ts';

/** Creates of one attempt that the server may refuse for now before the run fails: about two minutes of waiting. */
const refusalsPerAttempt = 8;
/** Creates in a row that could not be sent for want of credentials before driving stops: some seconds of waiting. */
const triesForCredentials = 4;
/** Creates of one leg whose answer may be lost: each may have started a job that nobody reads. */
const unknownPerLeg = 2;

export function onPrepared(step: Step, event: EngineEventOf<'prepared'>): void {
  const { phase, iteration, strategy } = step.state;
  if (phase.type !== 'creating' || phase.stage !== 'preparing') return;
  if (event.patch !== null) step.save({ type: 'request', iteration, strategy, patch: event.patch });
  send(step, phase, true);
}

export function onPrepareFailed(step: Step, event: EngineEventOf<'prepare_failed'>): void {
  const { phase } = step.state;
  if (phase.type === 'creating' && phase.stage === 'preparing')
    endRun(step, { status: 'failed', error: event.error });
}

export function onResponded(step: Step, event: EngineEventOf<'responded'>): void {
  const { phase } = step.state;
  const { to, response } = event;
  if (phase.type === 'creating' && phase.stage === 'sending' && to === 'create') {
    accepted(step, response, 'poll', event.pollAfterMs);
  } else if (phase.type === 'waiting' && to === 'retrieve') {
    polled(step, phase, response, event.pollAfterMs);
  } else if (phase.type === 'cancelling') {
    if (to === 'create' && phase.stage === 'awaiting_id') cancelPending(step, phase, response);
    if (to === 'cancel' && phase.stage === 'cancelling') cancelAnswered(step, phase, response);
    if (to === 'retrieve' && phase.stage === 'confirming') cancelConfirmed(step, response);
  }
}

/** The create was answered: from here on there is an id, saved before it is used (I7). */
export function accepted(step: Step, response: Response, mode: WaitMode, pollAfterMs?: number): void {
  const { state } = step;
  // I3: a server that ignores the flag works in the foreground, and loses the response with the connection.
  if (state.background && response.background !== true && !state.backgroundIgnored) {
    step.set({ backgroundIgnored: true });
    step.warn(
      'background_ignored',
      `The server did not take "background": response ${response.id} says ${String(response.background)}. Without it a lost connection loses the response.`,
    );
  }
  if (response.store !== undefined) step.set({ stored: response.store });
  step.setAttempt({ responseId: response.id, status: response.status, mode });
  if (isTerminal(response.status)) endLeg(step, response, []);
  else waitFor(step, response, mode, pollAfterMs);
}

export function onCreateFailed(step: Step, event: EngineEventOf<'failed_to_reach'>): void {
  const { phase } = step.state;
  if (phase.type === 'cancelling' && phase.stage === 'awaiting_id') {
    const unknown = judgeCreate(event.failure) === 'unknown';
    if (unknown)
      step.warn(
        'orphan_possible',
        'A create was on its way when the run was cancelled; its job may go on at the server.',
      );
    endRun(step, phase.outcome);
  } else if (phase.type === 'creating' && phase.stage === 'sending') {
    createFailed(step, phase, event.failure);
  }
}

function createFailed(step: Step, phase: Creating, failure: Failure): void {
  const error = errorOf(failure);
  if (dropRefusedOption(step, phase, failure)) return;
  step.setAttempt({ error });
  const chain = judgeChain(step.state, phase, failure);
  if (chain === 'later') {
    // The server needs a moment until a finished response can be referred to: two more tries within 5 s.
    const chainTries = phase.chainTries + 1;
    return again(step, { ...phase, chainTries, retryAt: step.at + (chainTries === 1 ? 1_000 : 3_000) });
  }
  if (chain === 'replay') {
    step.warn(
      'replay',
      `The server refused to continue from the previous response (${error.message}); the whole conversation is sent again from here on.`,
    );
    step.setAttempt({ status: 'refused' });
    tellFailedAttempt(step, error);
    step.set({ strategy: 'replay' });
    return beginAttempt(step, { chainError: error });
  }
  const judgement = judgeCreate(failure);
  const isUnsigned = failure.kind === 'credentials';
  if (judgement === 'retry' && phase.tries < (isUnsigned ? triesForCredentials : refusalsPerAttempt)) {
    const asked = failure.kind === 'http' ? failure.retryAfterMs : undefined;
    const tries = phase.tries + 1;
    return again(step, { ...phase, tries, retryAt: step.at + (asked ?? backOff(tries, step.random)) });
  }
  if (judgement === 'unknown') return createUnknown(step, phase, failure);
  if (isUnsigned) return withoutCredentials(step, phase, error);
  step.setAttempt({ status: 'refused' });
  endRun(step, { status: 'failed', error: phase.chainError ?? error });
}

/** The create may have reached the server: sending it again may pay twice, not sending it may lose the leg. */
export function createUnknown(step: Step, phase: Creating, failure: Failure): void {
  const error = errorOf(failure);
  const unknownCreates = (step.state.unknownCreates ?? 0) + 1;
  step.set({ unknownCreates });
  step.setAttempt({ status: 'lost', error });
  if (step.state.policy.onUnknownCreate === 'fail' || unknownCreates >= unknownPerLeg) {
    return endRun(step, {
      status: 'failed',
      error: { ...error, code: error.code === 'connection_lost' ? 'unknown_create' : error.code },
    });
  }
  step.warn(
    'unknown_create',
    `A create was sent but not answered (${error.message}); it is sent once more, and the first may have started a job.`,
  );
  again(step, { ...phase, retryAt: step.at + backOff(unknownCreates, step.random) });
}

function again(step: Step, phase: Creating): void {
  step.go({ ...phase, stage: 'backing_off' });
  step.save();
  const error = step.state.attempts.at(-1)?.error;
  if (error !== undefined && phase.retryAt !== null)
    tellFailedAttempt(step, error, { retryAt: phase.retryAt });
}

/** Some servers refuse an option that only makes a run better: it is left out from here on, and the create repeated. */
function dropRefusedOption(step: Step, phase: Creating, failure: Failure): boolean {
  const { state } = step;
  if (failure.kind !== 'http' || failure.status !== 400) return false;
  const named = (option: string, pattern: RegExp): boolean =>
    failure.param === option || pattern.test(failure.message);
  if (!state.refusesEncryptedReasoning && named('include', /encrypted[ _]content/i)) {
    step.set({ refusesEncryptedReasoning: true });
  } else if (
    !state.refusesStreams &&
    state.policy.mode === 'auto' &&
    state.attempts.at(-1)?.mode === 'stream' &&
    failure.param === 'stream'
  ) {
    step.set({ refusesStreams: true });
    step.setAttempt({ mode: 'poll' });
  } else {
    return false;
  }
  send(step, phase, true);
  return true;
}
