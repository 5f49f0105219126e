/** The port for time. Tests advance it with `manualClock` of `@longhaul/core/testing`. */
export interface Clock {
  /** Wall time, in milliseconds since the epoch: for times that are shown or that outlive the process. */
  now(): number;
  /**
   * Milliseconds since any origin, by a clock that does not jump. Durations are measured with it. It may pause while
   * the machine sleeps. Without this method, durations are measured with `now()`, and a sleep that has resolved counts
   * as over, regardless of `now()`.
   */
  monotonic?(): number;
  /**
   * Resolves after `ms` milliseconds, or immediately when `signal` aborts, and then frees its timer. Never rejects.
   * With `unref`, the timer does not keep the process alive.
   */
  sleep(ms: number, signal?: AbortSignal, options?: { readonly unref?: boolean }): Promise<void>;
}

/** Returns milliseconds for measuring durations, from the clock that does not jump if there is one. */
export function monotonicNow(clock: Clock): number {
  return clock.monotonic?.() ?? clock.now();
}
