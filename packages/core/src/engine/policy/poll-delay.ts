/** How often a pending response is asked for. */
export interface PollingOptions {
  /** Milliseconds between two polls at least. @default 1000 */
  readonly minMs: number;
  /** Milliseconds between two polls at most. @default 30000 */
  readonly maxMs: number;
  /** Part of the time already waited that the next delay is: a result is seen at most this much late. @default 0.05 */
  readonly fraction: number;
}

/**
 * Milliseconds until the next poll. The delay grows with the time already waited, so the number of polls grows with
 * the logarithm of the wait until the ceiling is reached; ±10 % of jitter keeps many runs from polling in step.
 */
export function pollDelay(options: PollingOptions, waitedMs: number, random: number): number {
  const delay = waitedMs * options.fraction * (0.9 + 0.2 * random);
  return Math.min(options.maxMs, Math.max(options.minMs, delay));
}
