/**
 * After this time without a signal, in milliseconds, the main thread counts as blocked. An unblocked main thread
 * signals every 200 ms.
 */
const silentAfterMs = 500;
/** After five minutes without a signal, the main thread counts as hung, and other processes should drive its runs. */
const standInForMs = 300_000;

interface Owner {
  readonly ttlMs: number;
  renewedAt: number;
}

/**
 * Renews claims in place of a blocked main thread. While that thread is not blocked, only its own renewals count, so a
 * claim that it does not renew expires. All times are of one monotonic clock.
 */
export class StandIn {
  readonly #owners = new Map<string, Owner>();
  #sign = -1;
  #signAt = Number.NEGATIVE_INFINITY;

  /** Called when this owner has obtained a claim, or its claims were renewed by the main thread or in its place. */
  renewed(owner: string, ttlMs: number, nowMs: number): void {
    this.#owners.set(owner, { ttlMs, renewedAt: nowMs });
  }

  /**
   * Returns the owners to renew now, each with its time to live.
   *
   * @param sign A number that changes while the main thread is not blocked.
   */
  due(sign: number, nowMs: number): readonly (readonly [owner: string, ttlMs: number])[] {
    if (sign !== this.#sign) {
      this.#sign = sign;
      this.#signAt = nowMs;
      for (const [owner, { renewedAt, ttlMs }] of this.#owners) {
        if (nowMs - renewedAt > ttlMs) this.#owners.delete(owner);
      }
    }
    const silentMs = nowMs - this.#signAt;
    if (silentMs < silentAfterMs || silentMs > standInForMs) return [];
    const due = [...this.#owners].filter(([, { renewedAt, ttlMs }]) => nowMs - renewedAt >= ttlMs / 5);
    return due.map(([owner, { ttlMs }]) => [owner, ttlMs]);
  }
}
