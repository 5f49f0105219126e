import { serverDelay } from './retry-delay.ts';

/** How often a pending response is asked for. */
export interface PollingOptions {
  /** Milliseconds between two polls at least. @default 1000 */
  readonly minMs: number;
  /** Milliseconds between two polls at most. @default 30000 */
  readonly maxMs: number;
  /** Part of the time already waited that the next delay is: a result is seen at most this much late. @default 0.05 */
  readonly fraction: number;
}

/** Who wants the next poll when, besides the policy. */
export interface AskedDelay {
  /** The server, by `openai-poll-after-ms` or `Retry-After`: takes precedence. Milliseconds. */
  readonly serverMs?: number;
  /** The user's polling function. Milliseconds. */
  readonly functionMs?: number;
}

/** No server header and no polling function makes the loop ask more often than this, in milliseconds. */
const floorMs = 100;

/**
 * Milliseconds until the next poll. The delay grows with the time already waited, so the number of polls grows with
 * the logarithm of the wait until the ceiling is reached; ±10 % of jitter keeps many runs from polling in step.
 */
export function pollDelay(options: PollingOptions, waitedMs: number, random: number): number {
  const delay = waitedMs * options.fraction * (0.9 + 0.2 * random);
  return Math.min(options.maxMs, Math.max(options.minMs, delay));
}

/**
 * Milliseconds until the next poll. No other place decides this. What a server asks for
 * is at least the policy's `minMs`, and at most an hour; a polling function's number is at least 100.
 */
export function nextPollDelay(
  options: PollingOptions,
  waitedMs: number,
  random: number,
  { serverMs, functionMs }: AskedDelay = {},
): number {
  if (serverMs !== undefined) return Math.max(floorMs, options.minMs, serverDelay(serverMs));
  if (functionMs !== undefined) return Math.max(floorMs, functionMs);
  return pollDelay(options, waitedMs, random);
}

/** A GET a minute at most while a discounted response is queued: it may be queued for hours. */
export const queueWindowPollMs = 60_000;
