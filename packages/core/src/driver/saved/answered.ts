import type { Clock } from '../../clock/clock.ts';
import { within } from '../../clock/within.ts';
import { StoreError } from '../../errors/store-error.ts';

/** How long one call of a store is waited for. */
const answerWithinMs = 30_000;

/**
 * The answer of a store call, with a time limit. A call that is never answered must not block its run, or other runs.
 *
 * @param late Called with an answer that arrives after the limit.
 * @throws StoreError `unavailable` when it takes too long
 */
export function answered<T>(clock: Clock, asked: Promise<T>, late?: (answer: T) => void): Promise<T> {
  // A user's own store may return the answer instead of a promise.
  const call = Promise.resolve(asked);
  return within(answerWithinMs, clock, call, () => {
    if (late !== undefined) call.then(late, () => undefined);
    throw new StoreError('unavailable', `The store did not answer within ${answerWithinMs / 1_000} s.`);
  });
}
