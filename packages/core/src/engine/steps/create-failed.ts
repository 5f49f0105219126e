import type { EngineEventOf } from '../engine-event.ts';
import { nextCreateTry } from '../policy/create-retries.ts';
import { hasNoResponseYet } from '../run-status.ts';
import { errorOf, type Failure } from '../policy/failure.ts';
import { judgeCreate } from '../policy/judge-failure.ts';
import type { Creating } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { ErrorView } from '../view/run-view.ts';
import { backOffUntil, beginAttempt, saveAndSend, emitFailedAttempt } from './begin-iteration.ts';
import { judgeChain } from './chain.ts';
import { createUnknown } from './create-unknown.ts';
import { endRun } from './end-run.ts';
import { noteBuffering } from './buffering-proxy.ts';
import { stopCreating } from './stop.ts';

export function onCreateFailed(step: Step, event: EngineEventOf<'request_failed'>): void {
  const { phase } = step.state;
  const { failure } = event;
  if (phase.type === 'cancelling' && phase.stage === 'awaiting_id') {
    // The second argument does not change which failures are judged `unknown`.
    if (judgeCreate(failure, true) === 'unknown')
      step.warn(
        'orphan_possible',
        'The run ended while a create was in flight. Its job may still be running at the server.',
      );
    endRun(step, phase.outcome);
  } else if (phase.type === 'creating' && phase.stage === 'sending') {
    if (failure.kind === 'lost' && failure.timedOut === true) noteBuffering(step, phase);
    createFailed(step, phase, failure);
  }
}

function createFailed(step: Step, phase: Creating, failure: Failure): void {
  const error = errorOf(failure);
  if (dropRefusedOption(step, phase, failure)) return;
  step.setAttempt({ error });
  if (retryRefusedChain(step, phase, failure, error)) return;
  const first = hasNoResponseYet(step.state);
  const judgement = judgeCreate(failure, first);
  switch (judgement) {
    case 'unknown':
      return createUnknown(step, phase, failure);
    case 'overloaded':
    case 'not_forwarded':
    case 'credentials': {
      const asked = failure.kind === 'http' ? failure.retryAfterMs : undefined;
      const { time, random } = step;
      const { trouble, pauseMs } = nextCreateTry(step.state.trouble, judgement, time, random, asked, first);
      step.set({ trouble });
      if (pauseMs !== undefined) return backOffUntil(step, phase, time + pauseMs);
      return judgement === 'credentials'
        ? stopCreating(step, phase, error)
        : createRefused(step, phase, error);
    }
    case 'unauthorized':
      // An expired key must not fail a run that has a response, so driving stops and the run stays resumable.
      return first ? createRefused(step, phase, error) : stopCreating(step, phase, error);
    case 'final':
      return createRefused(step, phase, error);
  }
}

function createRefused(step: Step, phase: Creating, error: ErrorView): void {
  step.setAttempt({ status: 'refused' });
  endRun(step, { status: 'failed', error: phase.chainError ?? error });
}

/** Sends the create later, or in another way, if the server refused to chain. Returns whether it does. */
function retryRefusedChain(step: Step, phase: Creating, failure: Failure, error: ErrorView): boolean {
  switch (judgeChain(step.state, phase, failure)) {
    case 'other_id': {
      const { previousResponseId, otherPreviousId } = step.state;
      step.set({ previousResponseId: otherPreviousId, otherPreviousId: null });
      step.warn(
        'response_id_changed',
        `The server does not have ${previousResponseId}. The run continues from ${otherPreviousId}.`,
      );
      step.setAttempt({ status: 'refused' });
      emitFailedAttempt(step, error);
      // A new attempt has its own idempotency key. Servers refuse one key for two different bodies.
      beginAttempt(step, { chainTries: phase.chainTries }, false);
      return true;
    }
    case 'later': {
      // A finished response may not be available for chaining yet: retry twice within 5 s.
      const chainTries = phase.chainTries + 1;
      backOffUntil(step, { ...phase, chainTries }, step.time + (chainTries === 1 ? 1_000 : 3_000));
      return true;
    }
    case 'replay':
      step.warn(
        'replay',
        `The server refused to continue from the previous response (${error.message}). The run now sends the whole conversation.`,
      );
      step.setAttempt({ status: 'refused' });
      emitFailedAttempt(step, error);
      step.set({ strategy: 'replay' });
      beginAttempt(step, { chainError: error });
      return true;
    case undefined:
      return false;
  }
}

/** Repeats the create without an optional field that the server refused. Returns whether it did. */
function dropRefusedOption(step: Step, phase: Creating, failure: Failure): boolean {
  const { state } = step;
  if (failure.kind !== 'http' || failure.status !== 400 || failure.sender !== 'api') return false;
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
  saveAndSend(step, phase, true);
  return true;
}
