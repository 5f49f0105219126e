import type { Clock } from '../../clock/clock.ts';
import type { RunStore } from '../../store/run-store.ts';
import { withTimeout } from '../../clock/time-out.ts';
import { StoreError } from '../../errors/store-error.ts';
import { defined } from '../../wire/defined.ts';

/** The time limit of a store call, in milliseconds. */
const answerWithinMs = 30_000;

/**
 * The answer of a store call, with a time limit. A call that is never answered must not block its run, or other runs.
 *
 * @param late Called with an answer that arrives after the limit.
 * @throws StoreError `unavailable` if the call takes too long
 */
export function boundedCall<T>(clock: Clock, asked: Promise<T>, late?: (answer: T) => void): Promise<T> {
  // A custom store may return the answer instead of a promise.
  const call = Promise.resolve(asked);
  return withTimeout(answerWithinMs, clock, call, () => {
    if (late !== undefined) call.then(late, () => undefined);
    throw new StoreError('unavailable', `The store did not answer within ${answerWithinMs / 1_000} s.`);
  });
}

type Call<Args extends unknown[], Result> = (...args: Args) => Promise<Result>;

/**
 * Wraps a store with a time limit for its calls: `StoreError` `unavailable` after 30 s. A call that is never answered
 * must not block its run, or `close()`. `watch` and `publish` have no limit. `claim` and `renew` have none here,
 * because their late answers count too. See `Claims`.
 */
export function boundedStore(store: RunStore, clock: Clock): RunStore {
  // A custom store may throw synchronously, and may be a class that needs its `this`.
  const bounded = <Args extends unknown[], Result>(call: Call<Args, Result>): Call<Args, Result> => {
    return async (...args) => boundedCall(clock, call.apply(store, args));
  };
  const optional = <Args extends unknown[], Result>(
    call: Call<Args, Result> | undefined,
  ): Call<Args, Result> | undefined => (call ? bounded(call) : undefined);
  // A custom store may have null instead of a method.
  const methods = {
    listThreadRuns: optional(store.listThreadRuns),
    listThreads: optional(store.listThreads),
    claim: store.claim?.bind(store),
    renew: store.renew?.bind(store),
    release: optional(store.release),
    look: optional(store.look),
    undriven: optional(store.undriven),
    findByResponse: optional(store.findByResponse),
    rememberWebhook: optional(store.rememberWebhook),
    takeWebhook: optional(store.takeWebhook),
    post: optional(store.post),
    receive: optional(store.receive),
    watch: store.watch?.bind(store),
    publish: store.publish?.bind(store),
  };
  return {
    load: bounded((runId) => store.load(runId)),
    commit: bounded((change) => store.commit(change)),
    list: bounded((filter) => store.list(filter)),
    delete: bounded((runId) => store.delete(runId)),
    ...defined(methods),
  };
}
