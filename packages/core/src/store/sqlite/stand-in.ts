/** A main thread that has given no sign of life for so long is blocked: it gives one every 200 ms. */
const silentAfterMs = 500;
/** After five minutes of silence it is taken for hung: its runs are better off elsewhere. */
const standInForMs = 300_000;

interface Owner {
  readonly ttlMs: number;
  renewedAt: number;
}

/**
 * Renews claims in place of a main thread that is blocked. While that thread lives, its own renewals count and nothing
 * else: an owner that it lets go is let go. All times are of one monotonic clock.
 */
export class StandIn {
  readonly #owners = new Map<string, Owner>();
  #sign = -1;
  #heardAt = Number.NEGATIVE_INFINITY;

  /** The main thread has renewed this owner's claims, or taken one. */
  renewed(owner: string, ttlMs: number, nowMs: number): void {
    this.#owners.set(owner, { ttlMs, renewedAt: nowMs });
  }

  /**
   * The owners to renew now, each with its time to live.
   *
   * @param sign Changes as long as the main thread lives.
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
