import type { Response, ResponseError } from '../../wire/response.ts';
import { backOff, pauseAfter } from '../policy/retry-delay.ts';
import { statedDelayMs } from '../policy/stated-delay.ts';
import { nextCreateTry } from '../policy/create-retries.ts';
import { classOfCode } from '../policy/error-codes.ts';
import type { Streamed } from '../streamed.ts';
import type { Step } from '../step.ts';
import { beginAttempt, emitFailedAttempt } from './begin-iteration.ts';
import { endRun } from './end-run.ts';

/**
 * Failed responses of one iteration after which the run fails. Responses that an overloaded server refused before they
 * began do not count.
 */
const failuresPerIteration = 3;

/** Handles a response that ended `failed`. The code of its error decides whether another response is created. */
export function onFailedResponse(
  step: Step,
  response: Response,
  streamed: Streamed,
  record: () => void,
): void {
  const error = response.error ?? {
    code: 'unknown',
    message: `The response ${response.id} failed without a reason.`,
  };
  const retryAt = whenToRetry(step, error, response, streamed);
  if (retryAt !== undefined) {
    emitFailedAttempt(step, error, { retryAt, totalUsage: step.state.usage });
    return beginAttempt(step, { retryAt }, false);
  }
  record();
  endRun(step, { status: 'failed', error: withReasonWhyFinal(error) });
}

/** Returns when the next response is created, on the run's time line; undefined if the failure is final. */
function whenToRetry(
  step: Step,
  { code, message }: ResponseError,
  { output }: Response,
  { doneItems, openItems }: Streamed,
): number | undefined {
  const { time, random } = step;
  const kind = classOfCode(code);
  const asked = statedDelayMs(message);
  // A response that was refused before it began is free, so only the limits of refused creates apply to it.
  const hadOutput = output.length + doneItems.length + openItems.length > 0;
  if (kind === 'overload' && !hadOutput) {
    const { trouble, pauseMs } = nextCreateTry(step.state.trouble, 'overloaded', time, random, asked, false);
    step.set({ trouble });
    return pauseMs === undefined ? undefined : time + pauseMs;
  }
  // Output shows that the server accepted the create, so refused creates are counted from 0 again.
  if (hadOutput) step.set({ trouble: null });
  const brokenResponses = (step.state.brokenResponses ?? 0) + 1;
  step.set({ brokenResponses });
  if ((kind !== 'transient' && kind !== 'overload') || brokenResponses >= failuresPerIteration)
    return undefined;
  return time + pauseAfter(asked, backOff(brokenResponses, random, 1_000));
}

/** Adds to the message of an unknown code that the code is unknown, and therefore final. */
function withReasonWhyFinal(error: ResponseError): ResponseError {
  if (classOfCode(error.code) !== undefined || error.code === 'unknown') return error;
  const note = `(The code "${error.code}" is not known to Longhaul, so the response was not created again.)`;
  return { ...error, message: `${error.message} ${note}` };
}
