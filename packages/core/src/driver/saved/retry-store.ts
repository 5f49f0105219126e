import { backOff } from '../../engine/policy/retry-delay.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import { StoreError } from '../../errors/store-error.ts';
import { errorMessage } from '../../errors/error-message.ts';
import type { LoopPorts } from '../loop-setup.ts';

/** The time for which a store may be unavailable before driving stops, in milliseconds. */
const unavailableForMs = 60_000;

/**
 * Calls a store, and repeats the call while the store is unavailable, for a minute or until `givenUp`. The run sends
 * nothing until the call succeeds (I7).
 *
 * @throws the store's error, if a retry cannot succeed or the time is over; `unavailable` for an error that is not a
 * `LonghaulError`
 */
export async function retryStore<T>(
  { clock, random, time }: Pick<LoopPorts, 'clock' | 'random' | 'time'>,
  ask: () => Promise<T>,
  givenUp?: AbortSignal,
): Promise<T> {
  const since = time.now();
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      // A custom store may throw anything. Other errors than `unavailable` are not retried.
      if (!LonghaulError.isInstance(error)) {
        throw new StoreError('unavailable', `The store failed: ${errorMessage(error)}`, { cause: error });
      }
      const isTransient = StoreError.isInstance(error) && error.code === 'unavailable';
      // At least two attempts, because a suspended process may use up the time without reading the answer.
      const isOver = tries > 1 && time.now() - since >= unavailableForMs;
      if (!isTransient || isOver || givenUp?.aborted === true) throw error;
    }
    await clock.sleep(backOff(tries, random(), 200, 5_000), givenUp);
  }
}
