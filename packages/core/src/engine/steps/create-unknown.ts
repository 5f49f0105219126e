import { growingPause, backOff } from '../policy/back-off.ts';
import { errorOf, type Failure } from '../policy/failure.ts';
import { hasNothingInvested } from '../nothing-invested.ts';
import type { Creating } from '../run-state.ts';
import type { Step } from '../step.ts';
import { backOffUntil, createMode } from './begin-leg.ts';
import { endRun } from './end-run.ts';
import { stopDriving } from './stop.ts';

/** Creates of one leg whose answer may be lost: each may have started a job that is not read. */
const unknownPerLeg = 2;
/** Milliseconds until the one more create, at a later leg: after a connection that broke, and after any other answer. */
const afterResetMs = 2_000;
const afterAnswerMs = 10_000;

/**
 * The create may have reached the server: sending it again may pay twice, not sending it may lose the leg. One more is
 * sent, with the `Idempotency-Key` of the first. If its answer is lost too, the first create of a run fails it, and a
 * later one stops driving: the work so far is kept, and a resume sends one more.
 */
export function createUnknown(step: Step, phase: Creating, failure: Failure): void {
  const nothingInvested = hasNothingInvested(step.state);
  const error = errorOf(failure);
  const unknownCreates = (step.state.unknownCreates ?? 0) + 1;
  const { onUnknownCreate } = step.state.policy;
  step.set({ unknownCreates });
  step.setAttempt({ status: 'lost', error });
  const isLast = unknownCreates >= unknownPerLeg;
  if (onUnknownCreate === 'fail' || (isLast && nothingInvested)) {
    const code = error.code === 'connection_lost' ? 'unknown_create' : error.code;
    return endRun(step, { status: 'failed', error: { ...error, code } });
  }
  // What was held back once is held back again: without `stream` the answer comes at once.
  step.setAttempt({ mode: createMode(step.state, step.time) });
  if (isLast) {
    step.set({ unknownCreates: unknownPerLeg - 1 });
    step.go({ ...phase, stage: 'backing_off', retryAt: step.time, sentAt: null, giveUpAt: null });
    step.save();
    const message = `The answers to ${unknownCreates} creates of leg ${step.state.iteration} were lost (${error.message}); each may have started a job. Nothing that was recorded is lost: resume the run to send one more.`;
    return stopDriving(step, { code: 'unknown_create', message });
  }
  step.warn(
    'unknown_create',
    `A create was sent but not answered (${error.message}); it is sent once more, and the first may have started a job.`,
  );
  backOffUntil(step, phase, step.time + pause(step, failure, nothingInvested));
}

/** Another process sent the create, and died before the answer came: as a lost answer, but the time has passed already. */
export function createDied(step: Step, phase: Creating): void {
  const message = 'the process ended before the answer came';
  createUnknown(step, phase, { kind: 'lost', message, died: true });
}

function pause(step: Step, failure: Failure, nothingInvested: boolean): number {
  if (failure.kind === 'lost' && failure.died === true) return 0;
  const tries = step.state.unknownCreates ?? 1;
  if (nothingInvested) return backOff(tries, step.random);
  const isReset = failure.kind === 'lost' && failure.timedOut !== true && failure.answered !== true;
  const firstMs = isReset ? afterResetMs : afterAnswerMs;
  return growingPause(tries, step.random, firstMs, 60_000);
}
