/** Milliseconds before try number `tries` (1 for the first repetition): doubling, at most `maxMs`, up to a quarter shaved off. */
export function backOff(tries: number, random: number, firstMs = 500, maxMs = 30_000): number {
  return Math.min(maxMs, firstMs * 2 ** (tries - 1)) * (1 - 0.25 * random);
}

/** The same from below: at least `firstMs`, with up to a quarter added, at most `maxMs`. */
export function growingPause(tries: number, random: number, firstMs: number, maxMs: number): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(tries - 1, 32) * (1 + 0.25 * random));
}
