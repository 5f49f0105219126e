import process from 'node:process';

/** Whether everything is tried, not a sample. */
export const deep: boolean = process.env['LONGHAUL_DEEP'] === '1';

/** What samples are drawn by: a failure that was seen with a seed is seen again with it. */
export const seed: number = Number(process.env['LONGHAUL_SEED'] ?? 20_261_123);

/** Random numbers from 0 to 1 by a seed: mulberry32. */
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

/** Random numbers of its own for each name: what is drawn for one test does not hang on what others draw, or when. */
export function randomFor(name: string): () => number {
  let start = seed;
  for (const character of name) start = (Math.imul(start, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return seededRandom(start);
}

/** `count` of the values, drawn by the seed; all of them where `deep`. */
export function sampled<T>(values: readonly T[], count: number, random: () => number): readonly T[] {
  if (deep || values.length <= count) return values;
  const left = [...values];
  const drawn: T[] = [];
  while (drawn.length < count) drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  return drawn;
}
