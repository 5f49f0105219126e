import { serverDelay } from './retry-delay.ts';

/** The delays between two polls of a pending response. */
export interface PollingOptions {
  /** The minimum delay between two polls, in milliseconds. @default 1000 */
  readonly minMs: number;
  /** The maximum delay between two polls, in milliseconds. @default 30000 */
  readonly maxMs: number;
  /** The next delay, as a fraction of the time waited so far. @default 0.05 */
  readonly fraction: number;
}

/** Delays that override the policy. */
export interface AskedDelay {
  /** The server's delay (`openai-poll-after-ms`, `Retry-After`), in milliseconds. Takes precedence. */
  readonly serverMs?: number;
  /** The delay of the user's polling function, in milliseconds. */
  readonly functionMs?: number;
}

/** The minimum delay for all servers and polling functions, in milliseconds. */
const floorMs = 100;

/**
 * Milliseconds until the next poll. Between `minMs` and `maxMs`, the delay grows with the time waited so far, so the
 * number of polls grows with the logarithm of the wait. A random change of ±10 % prevents many runs from polling at the
 * same time.
 */
export function pollDelay(options: PollingOptions, waitedMs: number, random: number): number {
  const delay = waitedMs * options.fraction * (0.9 + 0.2 * random);
  return Math.min(options.maxMs, Math.max(options.minMs, delay));
}

/**
 * Milliseconds until the next poll after a successful one. A server's delay counts as at least `minMs` and at most an
 * hour. A polling function's delay counts as at least 100 ms.
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

/** The minimum delay while webhooks announce the ends of responses, in milliseconds. */
const rareMs = 60_000;
/** The next delay while webhooks arrive, as a fraction of the time waited so far. */
const rareFraction = 0.5;

/**
 * Milliseconds until the next poll while webhooks announce the ends of responses: at least a minute, at most `limitMs`.
 * The poll only finds an end whose webhook was lost.
 */
export function rarePollDelay(waitedMs: number, random: number, limitMs: number): number {
  return pollDelay({ minMs: rareMs, maxMs: limitMs, fraction: rareFraction }, waitedMs, random);
}

/** The minimum delay while a discounted response is queued, in milliseconds. The response may be queued for hours. */
export const queueWindowPollMs = 60_000;
