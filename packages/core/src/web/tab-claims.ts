/** Claims with Web Locks. A lock is held as long as its claim, and is released when its tab ends for any reason. */
export interface TabClaims {
  /** Resolves to false while another owner, in this tab or another, holds the claim. */
  claim(runId: string, owner: string): Promise<boolean>;
  /** Resolves to true when the lock has been released, to false if `owner` had no claim. */
  release(runId: string, owner: string): Promise<boolean>;
  /** The runs that `owner` has a lock on, or has requested one for. */
  heldBy(owner: string): string[];
  /** The runs that any owner holds a lock on, in this tab or another. */
  claimed(): Promise<ReadonlySet<string>>;
  /** Releases all locks, without waiting. */
  close(): void;
}

interface HeldLock {
  release(): void;
  /** Resolves when the browser has released the lock. */
  readonly ended: Promise<void>;
}

interface Claim {
  readonly owner: string;
  /** Resolves to undefined if the lock was refused. */
  readonly lock: Promise<HeldLock | undefined>;
}

/** How long a claim may wait for tabs that hold the lock only to detect that it is free, in milliseconds. */
const patienceMs = 500;

/**
 * @param prefix A lock's name is the prefix and the run's id. Tabs that must exclude each other use the same prefix.
 * @param onFree Called for a run whose claim was refused here, when its lock is free. All tabs with a refused claim are
 * notified, even if the tab with the claim died without a notice.
 */
export function tabClaims(locks: LockManager, prefix: string, onFree: (runId: string) => void): TabClaims {
  const claims = new Map<string, Claim>();
  const waiting = new Set<string>();
  const closing = new AbortController();

  function request(runId: string, options: LockOptions): Promise<HeldLock | undefined> {
    return new Promise((resolve, reject) => {
      const held = Promise.withResolvers<void>();
      const ended = Promise.withResolvers<void>();
      locks
        .request(prefix + runId, options, (lock) => {
          resolve(lock === null ? undefined : { release: held.resolve, ended: ended.promise });
          return lock === null ? undefined : held.promise;
        })
        .then(() => ended.resolve(), reject);
    });
  }

  async function claimed(): Promise<ReadonlySet<string>> {
    const { held = [] } = await locks.query();
    const names = held.filter(({ mode }) => mode === 'exclusive').map(({ name = '' }) => name);
    return new Set(names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)));
  }

  async function acquire(runId: string): Promise<HeldLock | undefined> {
    const lock = await request(runId, { ifAvailable: true });
    if (lock !== undefined || (await claimed()).has(runId)) return lock;
    // No tab has a claim. Other tabs hold the lock only to detect that it is free, or it is being released.
    try {
      return await request(runId, { signal: AbortSignal.timeout(patienceMs) });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'TimeoutError') return undefined;
      throw error;
    }
  }

  function begin(runId: string, owner: string): Claim {
    const forget = (): void => {
      if (claims.get(runId) === claim) claims.delete(runId);
    };
    const lock = acquire(runId).then(
      (given) => {
        if (given === undefined) forget();
        return given;
      },
      (error: unknown) => {
        forget();
        throw error;
      },
    );
    const claim: Claim = { owner, lock };
    claims.set(runId, claim);
    return claim;
  }

  /** Requests a `shared` lock, so that all waiting tabs get it and release it at the same time. */
  function notifyWhenFree(runId: string): void {
    if (waiting.has(runId)) return;
    waiting.add(runId);
    locks
      .request(prefix + runId, { mode: 'shared', signal: closing.signal }, () => undefined)
      .then(
        () => {
          waiting.delete(runId);
          onFree(runId);
        },
        // The store was closed, or the page is closing, so no listener is left.
        () => waiting.delete(runId),
      );
  }

  return {
    claim: async (runId, owner) => {
      for (;;) {
        const { lock, owner: claimant } = claims.get(runId) ?? begin(runId, owner);
        const given = await lock;
        if (claimant === owner && given) return true;
        if (claimant === owner || given) {
          notifyWhenFree(runId);
          return false;
        }
        // Another owner in this tab requested the claim first and was refused. This owner tries next.
      }
    },

    release: async (runId, owner) => {
      const claim = claims.get(runId);
      if (claim?.owner !== owner) return false;
      const lock = await claim.lock;
      if (lock === undefined) return false;
      claims.delete(runId);
      lock.release();
      await lock.ended;
      return true;
    },

    heldBy: (owner) => [...claims].filter(([, claim]) => claim.owner === owner).map(([runId]) => runId),
    claimed,

    close: () => {
      closing.abort();
      for (const { lock } of claims.values()) {
        lock.then(
          (given) => given?.release(),
          () => undefined,
        );
      }
      claims.clear();
    },
  };
}
