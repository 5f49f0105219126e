/**
 * A seeded random number generator (mulberry32). The same seed and requests produce the same ids, so a failing test can
 * be repeated. A snapshot stores the whole state of the generator, which is one number.
 */
export interface Random {
  /** The state. Setting it repeats the numbers that followed it. */
  state: number;
  /** An integer of `bits` bits. `bits` is at most 32. */
  bits(bits: number): number;
}

export function seededRandom(seed: number): Random {
  return {
    state: seed >>> 0,
    bits(bits) {
      this.state = (this.state + 0x6d2b79f5) >>> 0;
      let mixed = this.state;
      mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) >>> (32 - bits);
    },
  };
}
