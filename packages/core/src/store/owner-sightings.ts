/** An owner as read from the store. */
export interface OwnerMark {
  /** A number that changes when the owner renews its claims. */
  readonly renewals: number;
  /** Milliseconds for which its claims hold without a renewal. */
  readonly ttlMs: number;
}

/** Upper limit of a claim's time to live, in milliseconds. A larger value is damaged, and would block the run. */
const longestTtlMs = 3_600_000;

/**
 * The owners of claims that one process has seen, for a store without a clock of its own. A claim has expired if its
 * owner has not renewed it for the time to live, as measured by this process. Clocks of different processes are never
 * compared. So a wall clock that is wrong or is changed neither blocks a run nor takes it from its driver process.
 */
export class OwnerSightings {
  readonly #seen = new Map<string, { renewals: number; since: number }>();

  /**
   * Records the owner's renewal counter as read from the store.
   *
   * @param nowMs The time of a monotonic clock, in milliseconds.
   * @returns whether the owner's claims have expired
   */
  isGone(owner: string, { renewals, ttlMs }: OwnerMark, nowMs: number): boolean {
    const holdsForMs = Math.min(ttlMs, longestTtlMs);
    const seen = this.#seen.get(owner);
    const isSame = seen !== undefined && Object.is(seen.renewals, renewals);
    if (!isSame) this.#seen.set(owner, { renewals, since: nowMs });
    // If `ttlMs` is NaN, which is a damaged value, the claim has expired.
    return !((isSame ? nowMs - seen.since : 0) < holdsForMs);
  }

  /** Forgets an owner that no longer has claims. */
  forget(owner: string): void {
    this.#seen.delete(owner);
  }
}
