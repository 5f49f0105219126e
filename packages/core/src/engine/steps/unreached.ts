import type { EngineEventOf } from '../engine-event.ts';
import { backOff } from '../policy/back-off.ts';
import { errorOf, judgeRetrieve, type Failure } from '../policy/failure.ts';
import { pollDelay } from '../policy/poll-delay.ts';
import type { Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import { cancelUnreached, wind } from './cancel.ts';
import { endRun } from './end-run.ts';
import { tellPending } from './poll.ts';
import { streamRefused } from './stream.ts';
import { unauthorized } from './unauthorized.ts';

/** A response that was just created may not be found for a moment; after this long it is gone. */
const notFoundForMs = 15_000;
/** Answers in a row that are no Response objects, and requests in a row for which there were no credentials. */
const unusableAnswers = 5;

/** A retrieve, a stream or a cancel had no usable answer. The id is kept; the answer is asked for again. */
export function onUnreached(step: Step, event: EngineEventOf<'failed_to_reach'>): void {
  const { phase } = step.state;
  const { to, failure } = event;
  if (phase.type === 'cancelling') return cancelUnreached(step, phase, failure);
  if (phase.type !== 'waiting') return;
  if (to === 'stream') return streamRefused(step, phase, failure, event.pollAfterMs);
  if (to === 'retrieve') pollFailed(step, phase, failure, event.pollAfterMs);
}

function pollFailed(step: Step, phase: Waiting, failure: Failure, pollAfterMs?: number): void {
  const { state, at } = step;
  const error = errorOf(failure);
  // In a row are those of one kind: a network that was away says nothing about what a server answers.
  const failures = phase.error?.code === error.code ? phase.failures + 1 : 1;
  const notFoundSince = phase.notFoundSince ?? at;
  const failed: Waiting = { ...phase, polls: phase.polls + 1, lastPolledAt: at, failures, error };
  step.setAttempt({ polls: failed.polls, error });
  step.go(failed);
  switch (judgeRetrieve(failure)) {
    case 'unauthorized':
      return unauthorized(step, failed, error);
    // The job may well go on at a server that cannot be asked: it is cancelled before the run gives it up.
    case 'final':
      return wind(step, { status: 'failed', error });
    case 'credentials':
    case 'unreadable':
      // Whoever gives them may have a bad moment.
      if (failures < unusableAnswers) return askAgain(step, failed, pollAfterMs);
      return failure.kind === 'credentials'
        ? unauthorized(step, failed, error)
        : wind(step, { status: 'failed', error });
    case 'not_found':
      if (at - notFoundSince >= notFoundForMs) {
        const message = `The server does not know the response ${phase.pending.responseId} (any more): ${error.message}`;
        return endRun(step, { status: 'failed', error: { ...error, message } });
      }
      return askAgain(
        step,
        { ...failed, notFoundSince },
        Math.min(pollAfterMs ?? state.policy.polling.minMs, 5_000),
      );
    case 'retry':
      return askAgain(step, failed, pollAfterMs);
  }
}

function askAgain(step: Step, phase: Waiting, pollAfterMs?: number): void {
  const { policy } = step.state;
  const waited = step.at - phase.pending.since;
  const own = Math.max(backOff(phase.failures, step.random), pollDelay(policy.polling, waited, step.random));
  // "Retry-After: 0" from a server in trouble would make a loop that never rests.
  const delay = pollAfterMs === undefined || pollAfterMs === 0 ? own : pollAfterMs;
  const next: Waiting = { ...phase, nextAt: step.at + delay };
  step.go(next);
  tellPending(step, next, { type: 'poll' });
}
