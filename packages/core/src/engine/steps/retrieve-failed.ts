import type { EngineEventOf } from '../engine-event.ts';
import { isTerminal } from '../../wire/response.ts';
import { backOff, pauseAfter } from '../policy/retry-delay.ts';
import { errorOf, type Failure } from '../policy/failure.ts';
import { judgeRetrieve } from '../policy/judge-failure.ts';
import type { AskedDelay } from '../policy/poll-delay.ts';
import type { Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';
import { cancelFailed, cancelThenEnd } from './cancel.ts';
import { endRun } from './end-run.ts';
import { foreignSince, stopIfNotTheApi, stopWaiting } from './stop.ts';
import { delayOf, emitPending } from './poll.ts';
import { streamRefused } from './stream-connection.ts';
import { endUnknown } from './response-output.ts';

/** A response that was just created may not be found for a moment; after this long it is gone. */
const notFoundForMs = 15_000;
/** Milliseconds between two GETs of a response that is not found, at most; polling options do not change it. */
const notFoundPauseMs = 2_000;
/** Requests in a row for which there were no credentials. */
const mostWithoutCredentials = 5;

/** A retrieve, a stream or a cancel had no usable answer. The id is kept; the answer is asked for again. */
export function onRetrieveFailed(step: Step, event: EngineEventOf<'request_failed'>): void {
  const { phase } = step.state;
  const { to, failure } = event;
  if (phase.type === 'cancelling') return cancelFailed(step, phase, failure);
  if (phase.type !== 'waiting') return;
  if (to === 'stream') return streamRefused(step, phase, failure);
  if (to === 'retrieve') pollFailed(step, phase, failure, event.asked);
}

function pollFailed(step: Step, phase: Waiting, failure: Failure, asked?: AskedDelay): void {
  const { time, random } = step;
  const error = errorOf(failure);
  const judgement = judgeRetrieve(failure);
  // The pauses grow with every failure; what is final after some in a row counts those of its own kind.
  const failures = phase.failures + 1;
  const withoutCredentials = judgement === 'credentials' ? phase.withoutCredentials + 1 : 0;
  const failed: Waiting = {
    ...phase,
    polls: phase.polls + 1,
    lastPolledAt: time,
    failures,
    withoutCredentials,
    notFoundSince: judgement === 'not_found' ? (phase.notFoundSince ?? time) : null,
    error,
    foreignSince: foreignSince(phase, failure, time),
  };
  step.setAttempt({ polls: failed.polls, error });
  step.enter(failed);
  switch (judgement) {
    case 'unauthorized':
      return stopWaiting(step, failed, error);
    // The API itself refuses: the job may well go on, and is cancelled before the run gives it up.
    case 'final':
      return cancelThenEnd(step, { status: 'failed', error });
    case 'credentials':
      // The function that gives them may fail transiently.
      return withoutCredentials < mostWithoutCredentials
        ? pollAgain(step, failed, asked)
        : stopWaiting(step, failed, error);
    case 'not_found': {
      if (time - (failed.notFoundSince ?? time) >= notFoundForMs) {
        // Its final event was heard: it is known how it ended, but not what it said.
        if (isTerminal(phase.pending.status))
          return endUnknown(step, phase.pending.responseId, { usage: null });
        const message = `The server does not know the response ${phase.pending.responseId} (any more): ${error.message}`;
        return endRun(step, { status: 'failed', error: { ...error, message } });
      }
      const delay = backOff(failures, random, 250, notFoundPauseMs);
      return pollAt(step, failed, time + delay);
    }
    case 'retry':
      return stopIfNotTheApi(step, failed, failure) ? undefined : pollAgain(step, failed, asked);
  }
}

/** Asks again after the larger of the server's pause and the loop's own, which grows. */
function pollAgain(step: Step, phase: Waiting, asked?: AskedDelay): void {
  const { state, time, random } = step;
  const own = Math.max(
    backOff(phase.failures, random),
    delayOf(state, phase.pending, time - phase.pending.since, random),
  );
  pollAt(step, phase, time + pauseAfter(asked?.serverMs, own));
}

function pollAt(step: Step, phase: Waiting, nextAt: number): void {
  const next: Waiting = { ...phase, nextAt };
  step.enter(next);
  emitPending(step, next, { type: 'poll' });
}
