import process from 'node:process';
import { median } from './median.ts';

/** What a contestant needed: medians over the rounds, and over the rounds' ratios to the first contestant. */
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
  /** Rounds that count. */
  readonly rounds: number;
  /** Rounds before them, in which code is compiled and connections are learnt. */
  readonly warmUp: number;
}

interface Cost {
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** CPU time is of the whole process: user and system, garbage collection included. */
async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000, wallMs };
}

/**
 * Runs the contestants in turn, round after round, and compares each with the first one within its round: what else
 * the machine does then strikes both. Every other round goes backwards, so that nobody always runs after the same.
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
