import process from 'node:process';
import { median } from './median.ts';

/** The cost of a contestant: medians of all rounds. The ratios are relative to the first contestant. */
export interface Result {
  readonly name: string;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly cpuRatio: number;
  readonly wallRatio: number;
}

export interface Contestant {
  readonly name: string;
  readonly run: () => Promise<unknown>;
}

export interface Rounds {
  /** The number of measured rounds. */
  readonly rounds: number;
  /** The number of rounds before the measured rounds, in which code is compiled and connections open. */
  readonly warmUp: number;
}

interface Cost {
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** Measures the CPU time of the whole process (user and system, with garbage collection) and the wall time. */
async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000, wallMs };
}

/**
 * Runs the contestants in turn in each round, and compares each with the first one of the same round, so that other
 * load of the machine affects both. Every second round has the reverse order, so that predecessors alternate.
 */
export async function takeTurns(
  contestants: readonly Contestant[],
  rounds: Rounds,
): Promise<readonly Result[]> {
  const costs = contestants.map((): Cost[] => []);
  for (let round = 0; round < rounds.warmUp + rounds.rounds; round += 1) {
    const order = [...contestants.entries()];
    if (round % 2 === 1) order.reverse();
    for (const [index, { run }] of order) {
      const cost = await costOf(run);
      if (round >= rounds.warmUp) costs[index]?.push(cost);
    }
  }
  const first = costs[0] ?? [];
  return contestants.map(({ name }, index) => {
    const own = costs[index] ?? [];
    const against = (part: keyof Cost): number =>
      median(own.map((cost, round) => cost[part] / (first[round]?.[part] ?? Number.NaN)));
    return {
      name,
      cpuMs: median(own.map(({ cpuMs }) => cpuMs)),
      wallMs: median(own.map(({ wallMs }) => wallMs)),
      cpuRatio: against('cpuMs'),
      wallRatio: against('wallMs'),
    };
  });
}
