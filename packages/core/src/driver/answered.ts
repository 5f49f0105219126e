import type { Clock } from '../clock/clock.ts';
import { within } from '../clock/within.ts';
import { StoreError } from '../errors/store-error.ts';

/** How long one call of a store is waited for. */
const answerWithinMs = 30_000;

/**
 * What a store answers. A call may never be answered: its run, and whoever waits for that run, must not wait with it.
 *
 * @param late Gets an answer that comes when nobody waits for it any more.
 * @throws StoreError `unavailable` when it takes too long
 */
export function answered<T>(clock: Clock, asked: Promise<T>, late?: (answer: T) => void): Promise<T> {
  // A store of somebody's own may answer at once.
  const call = Promise.resolve(asked);
  return within(answerWithinMs, clock, call, () => {
    if (late !== undefined) call.then(late, () => undefined);
    throw new StoreError('unavailable', `The store did not answer within ${answerWithinMs / 1_000} s.`);
  });
}
