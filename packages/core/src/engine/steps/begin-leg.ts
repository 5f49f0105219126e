import type { Creating, RunState } from '../run-state.ts';
import type { Step } from '../step.ts';
import type { Usage } from '../../wire/usage.ts';
import type { AttemptStrategy, ErrorView } from '../view/run-view.ts';

const fresh: Creating = {
  type: 'creating',
  stage: 'sending',
  retryAt: null,
  tries: 0,
  chainTries: 0,
  chainError: null,
};

/** How the next create carries the conversation so far. `auto` chains until something speaks against it. */
function nextStrategy(state: RunState): AttemptStrategy {
  const { policy, strategy, iteration } = state;
  if (iteration === 0 && strategy === 'first') return 'first';
  if (policy.continuation !== 'auto') return policy.continuation;
  const stored = state.stored !== false && policy.store !== false;
  return strategy === 'replay' || !stored ? 'replay' : 'chain';
}

/** Asks the model for its next turn. */
export function beginLeg(step: Step, iteration: number): void {
  step.set({ iteration, legStartedAt: step.at, attempts: [], unknownCreates: 0 });
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
  beginAttempt(step, fresh);
}

/**
 * Prepares one more create for the leg. Every one is built anew from the state (I1); a changed conversation is shown
 * to `prepareRequest` again, a mere repetition is not.
 */
export function beginAttempt(step: Step, carry: Partial<Creating>, prepare: boolean = true): void {
  const { policy, strategy, refusesStreams, attempts } = step.state;
  const mode = policy.mode === 'poll' || refusesStreams ? 'poll' : 'stream';
  step.set({
    attempts: [
      ...attempts,
      { responseId: null, strategy, status: 'creating', mode, polls: 0, reconnects: 0 },
    ],
  });
  const creating = { ...fresh, ...carry };
  if (creating.retryAt !== null) {
    step.go({ ...creating, stage: 'backing_off' });
    step.save();
  } else if (policy.prepares && prepare) {
    step.go({ ...creating, stage: 'preparing' });
    step.save();
    step.perform({ type: 'prepare' });
  } else {
    send(step, creating, true);
  }
}

/** Tells that the current attempt came to nothing, and that there is another. */
export function tellFailedAttempt(
  step: Step,
  error: ErrorView,
  more: { readonly retryAt?: number; readonly totalUsage?: Usage } = {},
): void {
  const { iteration, attempts } = step.state;
  step.tell({ type: 'attempt.failed', iteration, attempt: attempts.length - 1, attempts, error, ...more });
}

/** Saves what is about to be sent, then sends it (I7). */
export function send(step: Step, creating: Creating, announce: boolean): void {
  if (step.state.held) {
    step.go({ ...creating, stage: 'backing_off', retryAt: step.at });
    return step.save();
  }
  step.go({ ...creating, stage: 'sending', retryAt: null });
  step.save();
  step.perform({ type: 'create', announce });
}
