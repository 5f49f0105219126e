import process from 'node:process';

/** Steps that take a quick machine with nothing else to do about 55 ms. */
const steps = 40_000_000;
const quickMs = 55;
const variable = 'LONGHAUL_SLOWNESS';

function work(): number {
  let state = 1;
  for (let step = 0; step < steps; step += 1) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return state;
}

function measured(): number {
  const began = performance.now();
  work();
  return Math.max(1, (performance.now() - began) / quickMs);
}

/**
 * How many times slower than a quick machine this one is now: 1 or more. Measured once, by the first process that
 * asks; the processes that it starts find it in their environment. `LONGHAUL_SLOWNESS` sets it by hand.
 */
export const slowness: number = Number(process.env[variable] ?? measured());
process.env[variable] = String(slowness);

/**
 * A deadline for what takes so long at most on a quick machine. A deadline ends what hangs; it is no measure of
 * anything, so it leaves room for what else the machine may have to do meanwhile.
 */
export function deadline(ms: number): number {
  return Math.ceil(ms * slowness * 2);
}
