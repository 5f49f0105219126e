import process from 'node:process';

/** The number of steps that a fast, idle machine performs in about 55 ms. */
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
 * How many times slower this machine is than a fast one: 1 or more. The first process measures it and passes it to its
 * child processes in the environment. `LONGHAUL_SLOWNESS` overrides it.
 */
export const slowness: number = Number(process.env[variable] ?? measured());
process.env[variable] = String(slowness);

/**
 * A deadline for work that takes at most `ms` on a fast machine: twice the time that this machine needs, because it may
 * have other work.
 */
export function deadline(ms: number): number {
  return Math.ceil(ms * slowness * 2);
}
