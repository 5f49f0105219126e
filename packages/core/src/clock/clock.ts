/** Time, as a port: tests move it by hand (`manualClock` of `@longhaul/core/testing`). */
export interface Clock {
  /** Wall time, in milliseconds since the epoch: for what is shown, and for what outlives the process. */
  now(): number;
  /**
   * Milliseconds by a clock that does not jump, from any origin: durations are measured with it. It may stand still while
   * the machine sleeps. Without it, durations are measured with `now()`, and a sleep that has resolved is over,
   * whatever `now()` says.
   */
  monotonic?(): number;
  /** Resolves after `ms` milliseconds. When `signal` aborts first it resolves at once and frees its timer; it never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
