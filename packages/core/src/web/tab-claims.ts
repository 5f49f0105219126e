/** Claims by Web Locks: a lock is held for as long as the claim lasts, and ends with its tab, however that dies. */
export interface TabClaims {
  /** Resolves to false while another owner, here or in another tab, has the claim. */
  claim(runId: string, owner: string): Promise<boolean>;
  /** Resolves to true when the lock is free for others, to false where `owner` had no claim. */
  release(runId: string, owner: string): Promise<boolean>;
  /** The runs that `owner` holds a lock of. */
  heldBy(owner: string): string[];
  /** The runs whose lock anyone holds, here or in another tab. */
  claimed(): Promise<ReadonlySet<string>>;
  /** Releases everything, without waiting. */
  close(): void;
}

interface HeldLock {
  release(): void;
  /** Resolves when the browser has given it up. */
  readonly ended: Promise<void>;
}

interface Claim {
  readonly owner: string;
  /** Resolves to undefined where the lock was refused. */
  readonly lock: Promise<HeldLock | undefined>;
}

/** How long a claim may wait for tabs that hold the lock for a moment only, to see that it is free. */
const patienceMs = 500;

/**
 * @param prefix With a run's id it is the name of its lock; tabs that are to exclude each other have the same.
 * @param onFree Hears of a run whose claim was refused here, once its lock is free: all who were refused hear it, also
 * where the tab that had it died and could tell nobody.
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
    // Nobody drives: the lock is with tabs that wait for it to be free, for a moment, or just now being given up.
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

  /** `shared`, so that all who wait have it at once, and give it up at once. */
  function tellWhenFree(runId: string): void {
    if (waiting.has(runId)) return;
    waiting.add(runId);
    locks
      .request(prefix + runId, { mode: 'shared', signal: closing.signal }, () => undefined)
      .then(
        () => {
          waiting.delete(runId);
          onFree(runId);
        },
        // Closed, or the page is going away: nobody is left to be told.
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
          tellWhenFree(runId);
          return false;
        }
        // Another owner of this tab asked first, and was refused: now it is this one's turn.
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
