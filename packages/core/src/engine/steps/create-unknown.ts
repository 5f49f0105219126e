import { growingPause, backOff } from '../policy/retry-delay.ts';
import { errorOf, type Failure } from '../policy/failure.ts';
import type { Creating } from '../run-state.ts';
import { hasNoResponseYet, unknownPerIteration } from '../run-status.ts';
import type { Step } from '../step.ts';
import { backOffUntil, createMode } from './begin-iteration.ts';
import { endRun } from './end-run.ts';
import { stopDriving } from './stop.ts';

/** Delay before a later iteration's create is repeated after a broken connection, in ms. */
const afterResetMs = 2_000;
/** The same delay after any other lost answer, in ms. */
const afterOtherLossMs = 10_000;

/**
 * The create may have reached the server. Sending it again may pay twice, and not sending it may lose the iteration.
 * Unless `onUnknownCreate` is `fail`, it is sent once more, with the same `Idempotency-Key`. If the answer to the
 * second create is lost too, the run fails if it has no response yet. If it has one, driving stops, and the work of the
 * run is kept. Each manual resume then sends one more create.
 */
export function createUnknown(step: Step, phase: Creating, failure: Failure): void {
  const noResponseYet = hasNoResponseYet(step.state);
  const error = errorOf(failure);
  const unknownCreates = (step.state.unknownCreates ?? 0) + 1;
  const { onUnknownCreate } = step.state.policy;
  step.set({ unknownCreates });
  step.setAttempt({ status: 'lost', error });
  const isLast = unknownCreates >= unknownPerIteration;
  if (onUnknownCreate === 'fail' || (isLast && noResponseYet)) {
    const code = error.code === 'connection_lost' ? 'unknown_create' : error.code;
    return endRun(step, { status: 'failed', error: { ...error, code } });
  }
  // If a proxy buffered the stream, it would buffer the next one too. Without `stream` the answer arrives immediately.
  step.setAttempt({ mode: createMode(step.state, step.time) });
  if (isLast) {
    step.enter({ ...phase, stage: 'backing_off', retryAt: null, sentAt: null, giveUpAt: null });
    step.save();
    return stopCreateRetryUsed(step);
  }
  step.warn(
    'unknown_create',
    `A create was sent but not answered (${error.message}), and may have started a job. It is sent once more.`,
  );
  backOffUntil(step, phase, step.time + retryPauseMs(step, failure, noResponseYet));
}

/** Only a manual resume sends another create. A process that resumes all runs at each restart would pay each time. */
export function retryCreateOnResume(step: Step, phase: Creating, manual: boolean): void {
  if (!manual) return stopCreateRetryUsed(step);
  step.set({ unknownCreates: unknownPerIteration - 1 });
  step.enter({ ...phase, retryAt: step.time });
}

function stopCreateRetryUsed(step: Step): void {
  const { attempts, iteration, runId } = step.state;
  const why = attempts.at(-1)?.error?.message ?? 'no answer';
  const message = `A create of iteration ${iteration} was sent again, and that answer was lost, too (${why}). Each create may have started a job. The recorded work is kept. To send one more create, call runner.resume(agent, ${JSON.stringify(runId)}). resumeAll() does not send it.`;
  stopDriving(step, { code: 'unknown_create', message });
}

/**
 * The process that sent the create ended before the answer arrived. The answer counts as lost, but the create is sent
 * again without a delay.
 */
export function createInterrupted(step: Step, phase: Creating): void {
  const message = 'the process ended before the answer arrived';
  createUnknown(step, phase, { kind: 'lost', message, died: true });
}

function retryPauseMs(step: Step, failure: Failure, noResponseYet: boolean): number {
  if (failure.kind === 'lost' && failure.died === true) return 0;
  const tries = step.state.unknownCreates ?? 1;
  if (noResponseYet) return backOff(tries, step.random);
  const isReset = failure.kind === 'lost' && failure.timedOut !== true && failure.answered !== true;
  const firstMs = isReset ? afterResetMs : afterOtherLossMs;
  return growingPause(tries, step.random, firstMs, 60_000);
}
