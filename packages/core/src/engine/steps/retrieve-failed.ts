import type { EngineEventOf } from '../engine-event.ts';
import { isTerminal } from '../../wire/response.ts';
import { backOff, pauseAfter } from '../policy/retry-delay.ts';
import { errorOf, type Failure } from '../policy/failure.ts';
import { judgeRetrieve } from '../policy/judge-failure.ts';
import type { AskedDelay } from '../policy/poll-delay.ts';
import type { Waiting } from '../run-state.ts';
import { withAskedDelay } from './asked-delay.ts';
import type { Step } from '../step.ts';
import { cancelFailed, cancelThenEnd } from './cancel.ts';
import { endRun } from './end-run.ts';
import { foreignSince, stopIfNotTheApi, stopWaiting } from './stop.ts';
import { usualPollDelay, emitPending } from './poll.ts';
import { streamRefused } from './stream-connection.ts';
import { failUnknownOutput } from './response-output.ts';

/**
 * The run fails if the server does not find a response for this many milliseconds. A server may not find a new response
 * at first.
 */
const notFoundForMs = 15_000;
/** Maximum milliseconds between two GETs of a response that is not found. Polling options do not change it. */
const notFoundPauseMs = 2_000;
/** Consecutive GETs without credentials after which driving stops. */
const maxWithoutCredentials = 5;

/** Handles a retrieve, a stream or a cancel without a usable answer. */
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
  // The delays grow with every failure. Failures with a limit are also counted or timed on their own.
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
    // The API itself refused the GET. The job may still be running, so it is cancelled before the run fails.
    case 'final':
      return cancelThenEnd(step, { status: 'failed', error });
    case 'credentials':
      // The credentials function may fail temporarily.
      return withoutCredentials < maxWithoutCredentials
        ? pollAgain(step, failed, asked)
        : stopWaiting(step, failed, error);
    case 'not_found': {
      if (time - (failed.notFoundSince ?? time) >= notFoundForMs) {
        // The stream's final event showed how the response ended, but not its output.
        if (isTerminal(phase.pending.status))
          return failUnknownOutput(step, phase.pending.responseId, { usage: null });
        const message = `The server does not have the response ${phase.pending.responseId}: ${error.message}`;
        return endRun(step, { status: 'failed', error: { ...error, message } });
      }
      const delay = backOff(failures, random, 250, notFoundPauseMs);
      return pollAt(step, failed, time + delay);
    }
    case 'retry':
      return stopIfNotTheApi(step, failed, failure) ? undefined : pollAgain(step, failed, asked);
  }
}

/** Polls again after the larger of the server's delay and the loop's own growing delay. */
function pollAgain(step: Step, phase: Waiting, asked?: AskedDelay): void {
  const { time, random } = step;
  const own = Math.max(backOff(phase.failures, random), usualPollDelay(step, phase));
  pollAt(step, withAskedDelay(phase, time, asked?.serverMs), time + pauseAfter(asked?.serverMs, own));
}

function pollAt(step: Step, phase: Waiting, nextAt: number): void {
  const next: Waiting = { ...phase, nextAt };
  step.enter(next);
  emitPending(step, next, { type: 'poll' });
}
