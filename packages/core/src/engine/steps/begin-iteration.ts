import { defined } from '../../wire/defined.ts';
import type { Usage } from '../../wire/usage.ts';
import type { Creating, RunState } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { AttemptStrategy, ErrorView, WaitMode } from '../view/run-view.ts';

const fresh: Creating = {
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
 * How long a create waits for its first complete event or its JSON body, in milliseconds: its job may be running, and a
 * proxy may hold the answer back until it is over (llama.cpp 20872, tock 1895).
 */
const answerWithinMs = 30 * 60_000;

/** How the next create carries the conversation so far. `auto` chains until something speaks against it. */
function nextStrategy(state: RunState): AttemptStrategy {
  const { policy, strategy, iteration } = state;
  if (iteration === 0 && strategy === 'first') return 'first';
  if (policy.continuation !== 'auto') return policy.continuation;
  const stored = state.stored !== false && policy.store !== false;
  return strategy === 'replay' || !stored ? 'replay' : 'chain';
}

/** Asks the model for its next turn. */
export function beginIteration(step: Step, iteration: number): void {
  step.set({
    iteration,
    iterationStartedAt: step.at,
    attempts: [],
    unknownCreates: 0,
    brokenResponses: 0,
    trouble: null,
  });
  const strategy = nextStrategy(step.state);
  if (
    strategy === 'replay' &&
    step.state.strategy !== 'replay' &&
    step.state.policy.continuation === 'auto'
  ) {
    step.warn(
      'replay',
      'The server does not keep this response, so the whole conversation is sent again from here on.',
    );
  }
  step.set({ strategy });
  beginAttempt(step, {});
}

/** Whether the next create may ask for a stream. */
export function createMode(state: RunState, time: number): WaitMode {
  const { policy, refusesStreams, bufferedUntil, queueWindowMs } = state;
  const isBuffered = bufferedUntil !== null && time < bufferedUntil;
  return policy.mode === 'poll' || refusesStreams || isBuffered || queueWindowMs !== null ? 'poll' : 'stream';
}

/**
 * Prepares one more create for the iteration. Every one is built anew from the state (I1); a changed conversation is
 * shown to `prepareRequest` again, a mere repetition is not.
 */
export function beginAttempt(step: Step, carry: Partial<Creating>, prepare: boolean = true): void {
  const { policy, strategy, attempts } = step.state;
  // A mere repetition sends what `prepareRequest` has made of the request before.
  if (prepare) step.set({ queueWindowMs: policy.queueWindowMs });
  const mode = createMode(step.state, step.time);
  step.set({
    attempts: [
      ...attempts,
      { responseId: null, strategy, status: 'creating', mode, polls: 0, reconnects: 0 },
    ],
  });
  const creating = { ...fresh, ...carry, unprepared: policy.prepares && prepare };
  if (creating.retryAt !== null) {
    step.enter({ ...creating, stage: 'backing_off' });
    step.save();
  } else {
    saveAndSend(step, creating, true);
  }
}

/** Tells that the current attempt came to nothing, and that there is another. `retryAt` is on the run's time line. */
export function emitFailedAttempt(
  step: Step,
  error: ErrorView,
  more: { readonly retryAt?: number; readonly totalUsage?: Usage } = {},
): void {
  const { iteration, attempts, clock } = step.state;
  const { retryAt, totalUsage } = more;
  step.emit({
    type: 'attempt.failed',
    iteration,
    attempt: attempts.length - 1,
    attempts,
    error,
    ...defined({ retryAt: retryAt === undefined ? retryAt : retryAt + clock.skewMs, totalUsage }),
  });
}

/** Saves what is about to be sent, then sends it (I7); before that, `prepareRequest` is asked where it has not been. */
export function saveAndSend(step: Step, creating: Creating, announce: boolean): void {
  const { time } = step;
  if (step.state.draining) {
    step.enter({ ...creating, stage: 'backing_off', retryAt: time });
    return step.save();
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

/** The create waits until then, and is sent again. */
export function backOffUntil(step: Step, phase: Creating, retryAt: number): void {
  step.enter({ ...phase, stage: 'backing_off', retryAt, sentAt: null, giveUpAt: null });
  step.save();
  const error = step.state.attempts.at(-1)?.error;
  if (error !== undefined) emitFailedAttempt(step, error, { retryAt });
}
