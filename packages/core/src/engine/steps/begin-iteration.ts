import { defined } from '../../wire/defined.ts';
import type { Usage } from '../../wire/usage.ts';
import { rememberedMessages } from '../processed-messages.ts';
import type { Creating, RunState } from '../run-state.ts';
import type { Step } from '../step.ts';
import { sendSteered } from './steer.ts';
import type { AttemptStrategy, ErrorView, WaitMode } from '../view/run-view.ts';

const newCreating: Creating = {
  type: 'creating',
  stage: 'sending',
  retryAt: null,
  sentAt: null,
  giveUpAt: null,
  heard: false,
  refusal: null,
  early: [],
  unprepared: false,
  chainTries: 0,
  chainError: null,
};

/**
 * Milliseconds that a create waits for its JSON body, or for an event that names its response. Its job may be running,
 * and a proxy may buffer the answer until the job ends (llama.cpp 20872, tock 1895).
 */
const answerWithinMs = 30 * 60_000;

/**
 * How the next create sends the conversation. `auto` chains as long as responses are stored and no chain has failed.
 */
function nextStrategy(state: RunState): AttemptStrategy {
  const { policy, strategy, iteration, previousResponseId } = state;
  if (iteration === 0 && strategy === 'first') return 'first';
  if (policy.continuation !== 'auto') return policy.continuation;
  const stored = state.stored !== false && policy.store !== false;
  return strategy === 'replay' || !stored || previousResponseId === null ? 'replay' : 'chain';
}

/** Begins an iteration with its first create. */
export function beginIteration(step: Step, iteration: number): void {
  step.set({
    iteration,
    iterationStartedAt: step.at,
    attempts: [],
    unknownCreates: 0,
    brokenResponses: 0,
    trouble: null,
  });
  const { processedMessages } = step.state;
  if (processedMessages !== undefined)
    step.set({ processedMessages: rememberedMessages(step.state, processedMessages) });
  sendSteered(step, iteration);
  const strategy = nextStrategy(step.state);
  if (
    strategy === 'replay' &&
    step.state.strategy !== 'replay' &&
    step.state.policy.continuation === 'auto'
  ) {
    step.warn('replay', 'The server does not keep this response. The run now sends the whole conversation.');
  }
  step.set({ strategy });
  beginAttempt(step, {});
}

/**
 * Returns `stream` unless the policy, the server, a buffering proxy or a completion window prevents streaming, or no page
 * shows the run.
 */
export function createMode(state: RunState, time: number): WaitMode {
  const { policy, refusesStreams, bufferedUntil, queueWindowMs, unwatched = false } = state;
  if (unwatched && policy.mode !== 'stream') return 'poll';
  const isBuffered = bufferedUntil !== null && time < bufferedUntil;
  return policy.mode === 'poll' || refusesStreams || isBuffered || queueWindowMs !== null ? 'poll' : 'stream';
}

/**
 * Begins an attempt of the iteration. Its request is built from the state (I1). `prepareRequest` is called again if the
 * conversation has changed, but not for a repetition.
 */
export function beginAttempt(step: Step, changes: Partial<Creating>, prepare: boolean = true): void {
  const { policy, strategy, attempts } = step.state;
  // A repetition keeps the changes of the last `prepareRequest`, which may include the completion window.
  if (prepare) step.set({ queueWindowMs: policy.queueWindowMs });
  const mode = createMode(step.state, step.time);
  step.set({
    attempts: [
      ...attempts,
      { responseId: null, strategy, status: 'creating', mode, polls: 0, reconnects: 0 },
    ],
  });
  const creating = { ...newCreating, ...changes, unprepared: policy.prepares && prepare };
  if (creating.retryAt !== null) {
    step.enter({ ...creating, stage: 'backing_off' });
    step.save();
  } else {
    saveAndSend(step, creating, true);
  }
}

/**
 * Emits that the current attempt failed. Its create is sent again, or another attempt follows. `retryAt` is on the
 * run's time line.
 */
export function emitFailedAttempt(
  step: Step,
  error: ErrorView,
  details: { readonly retryAt?: number; readonly totalUsage?: Usage } = {},
): void {
  const { iteration, attempts, clock } = step.state;
  const { retryAt, totalUsage } = details;
  step.emit({
    type: 'attempt.failed',
    iteration,
    attempt: attempts.length - 1,
    attempts,
    error,
    ...defined({ retryAt: retryAt === undefined ? retryAt : retryAt + clock.skewMs, totalUsage }),
  });
}

/**
 * Saves the create, then sends it (I7). Before that, loads the conversation before this run if the request replays it,
 * and calls `prepareRequest` if it has not seen the request.
 */
export function saveAndSend(step: Step, creating: Creating, announce: boolean): void {
  const { time } = step;
  if (step.state.draining) {
    step.enter({ ...creating, stage: 'backing_off', retryAt: time });
    return step.save();
  }
  if (step.state.strategy === 'replay' && step.state.history === 'elsewhere') {
    step.enter({ ...creating, stage: 'loading', retryAt: null });
    step.save();
    return step.perform({ type: 'load_history' });
  }
  if (creating.unprepared) {
    step.enter({ ...creating, stage: 'preparing', retryAt: null });
    step.save();
    return step.perform({ type: 'prepare' });
  }
  step.enter({
    ...creating,
    stage: 'sending',
    retryAt: null,
    sentAt: time,
    giveUpAt: time + answerWithinMs,
    heard: false,
    refusal: null,
    early: [],
  });
  step.save();
  step.perform({ type: 'create', announce });
}

/** Schedules the create to be sent again at `retryAt`. */
export function backOffUntil(step: Step, phase: Creating, retryAt: number): void {
  step.enter({ ...phase, stage: 'backing_off', retryAt, sentAt: null, giveUpAt: null });
  step.save();
  const error = step.state.attempts.at(-1)?.error;
  if (error !== undefined) emitFailedAttempt(step, error, { retryAt });
}
