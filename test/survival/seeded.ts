import process from 'node:process';

/** Whether tests try all cases instead of a sample. */
export const deep: boolean = process.env['LONGHAUL_DEEP'] === '1';

/** The seed of all samples. The same seed reproduces a failure. */
export const seed: number = Number(process.env['LONGHAUL_SEED'] ?? 20_261_123);

/** Returns a seeded generator of random numbers from 0 to 1 (mulberry32). */
export function seededRandom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Returns a separate generator for each name, so that the samples of a test do not depend on other tests. */
export function randomFor(name: string): () => number {
  let start = seed;
  for (const character of name) start = (Math.imul(start, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return seededRandom(start);
}

/** Returns a random sample of `count` values, or all values if `deep`. */
export function sampled<T>(values: readonly T[], count: number, random: () => number): readonly T[] {
  if (deep || values.length <= count) return values;
  const left = [...values];
  const drawn: T[] = [];
  while (drawn.length < count) drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  return drawn;
}
