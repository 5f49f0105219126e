import { growingPause, backOff } from '../policy/retry-delay.ts';
import { errorOf, type Failure } from '../policy/failure.ts';
import type { Creating } from '../run-state.ts';
import { hasNoResponseYet, unknownPerIteration } from '../run-status.ts';
import type { Step } from '../step.ts';
import { backOffUntil, createMode } from './begin-iteration.ts';
import { endRun } from './end-run.ts';
import { stopDriving } from './stop.ts';

/**
 * Milliseconds until the one more create, at a later iteration: after a connection that broke, and after any other
 * answer.
 */
const afterResetMs = 2_000;
const afterAnswerMs = 10_000;

/**
 * The create may have reached the server: sending it again may pay twice, not sending it may lose the iteration. One
 * more is sent, with the `Idempotency-Key` of the first. If its answer is lost too, the first create of a run fails it,
 * and a later one stops driving: the work so far is kept, and each resume by hand sends one more.
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
  // What was held back once is held back again: without `stream` the answer comes at once.
  step.setAttempt({ mode: createMode(step.state, step.time) });
  if (isLast) {
    step.enter({ ...phase, stage: 'backing_off', retryAt: null, sentAt: null, giveUpAt: null });
    step.save();
    return stopCreateRetryUsed(step);
  }
  step.warn(
    'unknown_create',
    `A create was sent but not answered (${error.message}); it is sent once more, and the first may have started a job.`,
  );
  backOffUntil(step, phase, step.time + pause(step, failure, noResponseYet));
}

/** A process that takes up every run there is, and may be restarted any number of times, pays for nothing twice. */
export function retryCreateOnResume(step: Step, phase: Creating, manual: boolean): void {
  if (!manual) return stopCreateRetryUsed(step);
  step.set({ unknownCreates: unknownPerIteration - 1 });
  step.enter({ ...phase, retryAt: step.time });
}

function stopCreateRetryUsed(step: Step): void {
  const { attempts, iteration, runId } = step.state;
  const why = attempts.at(-1)?.error?.message ?? 'no answer';
  const message = `A create of iteration ${iteration} was sent once more, and its answer was lost, too (${why}); each may have started a job. Nothing that was recorded is lost. Only a resume by hand, runner.resume(agent, ${JSON.stringify(runId)}), sends one more; resumeAll() does not.`;
  stopDriving(step, { code: 'unknown_create', message });
}

/**
 * Another process sent the create, and died before the answer came: as a lost answer, but the time has passed already.
 */
export function createInterrupted(step: Step, phase: Creating): void {
  const message = 'the process ended before the answer came';
  createUnknown(step, phase, { kind: 'lost', message, died: true });
}

function pause(step: Step, failure: Failure, noResponseYet: boolean): number {
  if (failure.kind === 'lost' && failure.died === true) return 0;
  const tries = step.state.unknownCreates ?? 1;
  if (noResponseYet) return backOff(tries, step.random);
  const isReset = failure.kind === 'lost' && failure.timedOut !== true && failure.answered !== true;
  const firstMs = isReset ? afterResetMs : afterAnswerMs;
  return growingPause(tries, step.random, firstMs, 60_000);
}
