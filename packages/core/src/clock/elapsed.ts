import type { Clock } from './clock.ts';

/**
 * Milliseconds by which durations are measured: setting the machine's clock does not move them. Only differences
 * mean anything. A clock without a monotonic one is taken at its word.
 */
export function monotonicNow(clock: Clock): number {
  return clock.monotonic?.() ?? clock.now();
}
