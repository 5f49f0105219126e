import { mustBeOptions } from '../errors/must-be.ts';
import type { InboxMessage, RunLook, RunNotice, RunStore, UndrivenRun } from '../store/run-store.ts';
import { storeListeners } from '../store/store-listeners.ts';
import { tabChannel } from './tab-channel.ts';
import { tabClaims } from './tab-claims.ts';
import { webFailure } from './web-failure.ts';

export interface TabStoreOptions {
  /** Tabs of this site whose stores have the same name share claims and notices, so that one tab drives each run. */
  readonly name: string;
}

/** A `RunStore` for several tabs. It must be closed. */
export interface TabStore
  extends Omit<RunStore, 'watch' | 'publish'>,
    Required<Pick<RunStore, 'watch' | 'publish'>>,
    Disposable {
  /** Releases all Web Locks, and closes the channel to other tabs. Close the runner first. Does not close `store`. */
  close(): void;
}

/**
 * Makes any store usable by several tabs of one site, including windows and workers:
 *
 * - Claims are Web Locks. A tab holds the lock while it drives the run, and the browser releases it when the tab ends
 *   for any reason. Another tab then takes over immediately, without waiting for a time to live; `ttlMs` is ignored.
 *   Chrome does not freeze a hidden tab while others wait for its lock. Without Web Locks (pages without HTTPS), the
 *   claims are those of `store`.
 * - `watch` and `publish` use a BroadcastChannel: all tabs are notified of each save, message and released claim.
 *
 * `indexedDbStore` includes this.
 *
 * @throws ConfigurationError for an invalid option
 * @example
 * const store = tabStore(httpStore('/runs'), { name: 'my-app' });
 */
export function tabStore(store: RunStore, options: TabStoreOptions): TabStore {
  mustBeOptions(options, 'tabStore', { name: 'string' });
  const { name } = options;
  const scope = `longhaul/${name}`;
  const { notify, watch } = storeListeners();
  const channel = tabChannel(scope, notify);
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
  const claims = locks && tabClaims(locks, `${scope}/claim/`, (runId) => notify({ type: 'released', runId }));

  function announce(notice: RunNotice): void {
    notify(notice);
    channel.broadcast(notice);
  }

  async function claim(runId: string, owner: string, ttlMs: number): Promise<boolean> {
    if (!claims) return (await store.claim?.(runId, owner, ttlMs)) ?? true;
    return claims.claim(runId, owner).catch((error: unknown) => {
      throw webFailure(error, `claim run ${runId}`, name);
    });
  }

  async function release(runId: string, owner: string): Promise<void> {
    if (!claims) await store.release?.(runId, owner);
    else if (!(await claims.release(runId, owner))) return;
    announce({ type: 'released', runId });
  }

  /** Renews the claims of `store`. Web Locks need no renewal. */
  async function renew(owner: string, ttlMs: number): Promise<string[]> {
    return claims ? claims.heldBy(owner) : ((await store.renew?.(owner, ttlMs)) ?? []);
  }

  async function look(runIds: readonly string[]): Promise<RunLook[]> {
    const looks = (await store.look?.(runIds)) ?? [];
    if (!claims) return looks;
    const claimed = await claims.claimed();
    return looks.map((one) => ({ ...one, claimed: claimed.has(one.runId) }));
  }

  async function undriven(agents: readonly string[]): Promise<UndrivenRun[]> {
    const runs = (await store.undriven?.(agents)) ?? [];
    if (!claims || runs.length === 0) return runs;
    const claimed = await claims.claimed();
    return runs.filter(({ runId }) => !claimed.has(runId));
  }

  const close = (): void => {
    claims?.close();
    channel.close();
  };

  return {
    load: (runId) => store.load(runId),
    commit: async (change) => {
      await store.commit(change);
      announce({ type: 'saved', runId: change.runId });
    },
    list: (filter) => store.list(filter),
    delete: async (runId) => {
      await store.delete(runId);
      announce({ type: 'saved', runId });
    },
    ...(store.listThreadRuns && { listThreadRuns: store.listThreadRuns.bind(store) }),
    ...(store.listThreads && { listThreads: store.listThreads.bind(store) }),
    ...((claims || store.claim) && { claim, release }),
    ...((claims || store.renew) && { renew }),
    ...(store.look && { look }),
    ...(store.undriven && { undriven }),
    ...(store.post && {
      post: async (runId: string, message: InboxMessage) => {
        await store.post?.(runId, message);
        announce({ type: 'posted', runId });
      },
    }),
    ...(store.receive && { receive: async (runId: string) => (await store.receive?.(runId)) ?? [] }),
    watch: (listener) => {
      channel.listen();
      return watch(listener);
    },
    publish: (runId, message) => announce({ type: 'live', runId, message }),
    close,
    [Symbol.dispose]: close,
  };
}
