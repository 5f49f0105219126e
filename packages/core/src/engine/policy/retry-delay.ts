/**
 * The delay before retry number `tries`, from 1, in milliseconds. It doubles up to `maxMs`, and is then reduced at
 * random by up to a quarter.
 */
export function backOff(tries: number, random: number, firstMs = 500, maxMs = 30_000): number {
  return Math.min(maxMs, firstMs * 2 ** (tries - 1)) * (1 - 0.25 * random);
}

/**
 * A delay in milliseconds that starts at `firstMs`, doubles with each try, and is increased at random by up to a
 * quarter. It is at most `maxMs`.
 */
export function growingPause(tries: number, random: number, firstMs: number, maxMs: number): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(tries - 1, 32) * (1 + 0.25 * random));
}

/** The maximum delay that a server may ask for, in milliseconds. */
const longestServerDelayMs = 3_600_000;

/** The delay that a server asks for, in milliseconds, up to the maximum. */
export function serverDelay(askedMs: number): number {
  return Math.min(askedMs, longestServerDelayMs);
}

/**
 * The delay after a refusal, in milliseconds: the larger of the server's delay and the loop's own back-off. Otherwise a
 * server that sends "Retry-After: 0" would cause retries without a pause.
 */
export function pauseAfter(askedMs: number | undefined, ownMs: number): number {
  return Math.max(askedMs === undefined ? 0 : serverDelay(askedMs), ownMs);
}
