/** An owner as one look at the store found it. */
export interface OwnerMark {
  /** What the owner changes whenever it renews its claims. */
  readonly renewals: number;
  /** For how many milliseconds its claims hold without that. */
  readonly ttlMs: number;
}

/** No claim holds for longer without a renewal: whatever says so is damaged, and would strand its runs. */
const longestTtlMs = 3_600_000;

/**
 * What one process has seen of the owners of claims, in a store that has no clock of its own. A claim has run out when
 * its owner has not renewed for the time to live, as measured here: clocks of several processes are never compared,
 * so one that is wrong, or is set, neither strands a run nor takes it from a process that lives.
 */
export class OwnerSightings {
  readonly #seen = new Map<string, { renewals: number; since: number }>();

  /**
   * Takes note of what a look found.
   *
   * @param nowMs By a clock that is never set.
   * @returns whether the owner's claims have run out
   */
  isGone(owner: string, { renewals, ttlMs }: OwnerMark, nowMs: number): boolean {
    const holdsForMs = Math.min(ttlMs, longestTtlMs);
    const seen = this.#seen.get(owner);
    const isSame = seen !== undefined && Object.is(seen.renewals, renewals);
    if (!isSame) this.#seen.set(owner, { renewals, since: nowMs });
    // What is damaged, and so no number, holds for no time.
    return !((isSame ? nowMs - seen.since : 0) < holdsForMs);
  }

  /** Forgets an owner that has no claims any more. */
  forget(owner: string): void {
    this.#seen.delete(owner);
  }
}
