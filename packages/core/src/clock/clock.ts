/** Time, as a port: tests move it by hand (`manualClock` of `@longhaul/core/testing`). */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Milliseconds since some moment, which setting the machine's clock does not change: for durations.
   *
   * @default `now`
   */
  monotonic?(): number;
  /** Resolves after `ms` milliseconds. When `signal` aborts first it resolves at once and frees its timer; it never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
