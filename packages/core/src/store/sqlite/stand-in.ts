/** A main thread is blocked if it has been silent for this time. It normally signals every 200 ms. */
const silentAfterMs = 500;
/** After five minutes of silence, the main thread is assumed to hang, and other processes should drive its runs. */
const standInForMs = 300_000;

interface Owner {
  readonly ttlMs: number;
  renewedAt: number;
}

/**
 * Renews claims in place of a blocked main thread. While that thread is alive, only its own renewals count, so a claim
 * that it does not renew expires. All times are of one monotonic clock.
 */
export class StandIn {
  readonly #owners = new Map<string, Owner>();
  #sign = -1;
  #heardAt = Number.NEGATIVE_INFINITY;

  /** Called when the main thread has renewed this owner's claims, or won one. */
  renewed(owner: string, ttlMs: number, nowMs: number): void {
    this.#owners.set(owner, { ttlMs, renewedAt: nowMs });
  }

  /**
   * Returns the owners to renew now, each with its time to live.
   *
   * @param sign Changes while the main thread is alive.
   */
  due(sign: number, nowMs: number): readonly (readonly [owner: string, ttlMs: number])[] {
    if (sign !== this.#sign) {
      this.#sign = sign;
      this.#heardAt = nowMs;
      for (const [owner, { renewedAt, ttlMs }] of this.#owners) {
        if (nowMs - renewedAt > ttlMs) this.#owners.delete(owner);
      }
    }
    const silentMs = nowMs - this.#heardAt;
    if (silentMs < silentAfterMs || silentMs > standInForMs) return [];
    const due = [...this.#owners].filter(([, { renewedAt, ttlMs }]) => nowMs - renewedAt >= ttlMs / 5);
    return due.map(([owner, { ttlMs }]) => [owner, ttlMs]);
  }
}
