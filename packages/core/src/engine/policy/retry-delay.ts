/** Milliseconds before try number `tries` (1 for the first repetition): doubling, at most `maxMs`, up to a quarter shaved off. */
export function backOff(tries: number, random: number, firstMs = 500, maxMs = 30_000): number {
  return Math.min(maxMs, firstMs * 2 ** (tries - 1)) * (1 - 0.25 * random);
}

/** The same from below: at least `firstMs`, with up to a quarter added, at most `maxMs`. */
export function growingPause(tries: number, random: number, firstMs: number, maxMs: number): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(tries - 1, 32) * (1 + 0.25 * random));
}

/** The longest pause, in milliseconds, that a server may ask for: one hour. A longer one counts as an hour. */
const longestServerDelayMs = 3_600_000;

/** The pause that a server asks for, in milliseconds, within its ceiling. */
export function serverDelay(askedMs: number): number {
  return Math.min(askedMs, longestServerDelayMs);
}

/**
 * Milliseconds to pause after a refusal: the larger of what the server asks for and the loop's own back-off. "Retry-After: 0"
 * from a server in trouble would otherwise make a loop that never rests.
 */
export function pauseAfter(askedMs: number | undefined, ownMs: number): number {
  return Math.max(askedMs === undefined ? 0 : serverDelay(askedMs), ownMs);
}
