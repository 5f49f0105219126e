import type { Clock } from '../../clock/clock.ts';
import type { RunStore } from '../../store/run-store.ts';
import { answered } from './answered.ts';

type Call<Args extends unknown[], Result> = (...args: Args) => Promise<Result>;

/**
 * The store with a time limit for each call: `StoreError` `unavailable` after 30 s. A call that is never answered must
 * not hold up its run, or `close()`. `claim` and `renew` have none here, because their answers count late, too: see
 * `Claims`.
 */
export function boundedStore(store: RunStore, clock: Clock): RunStore {
  // A user's own store may throw synchronously, and may be a class that needs its `this`.
  const bounded = <Args extends unknown[], Result>(call: Call<Args, Result>): Call<Args, Result> => {
    return async (...args) => answered(clock, call.apply(store, args));
  };
  const { claim, look, post, publish, receive, release, renew, watch } = store;
  return {
    load: bounded((runId) => store.load(runId)),
    commit: bounded((change) => store.commit(change)),
    list: bounded((filter) => store.list(filter)),
    delete: bounded((runId) => store.delete(runId)),
    ...(claim && { claim: claim.bind(store) }),
    ...(renew && { renew: renew.bind(store) }),
    ...(release && { release: bounded(release) }),
    ...(look && { look: bounded(look) }),
    ...(post && { post: bounded(post) }),
    ...(receive && { receive: bounded(receive) }),
    ...(watch && { watch: watch.bind(store) }),
    ...(publish && { publish: publish.bind(store) }),
  };
}
