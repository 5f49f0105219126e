import { firstLine, startProcess } from './bench-process.ts';
import { median } from './median.ts';
import { number, printTable, ratio } from './print-table.ts';
import type { WaitingCost } from './waiting-process.ts';

const runs = 10_000;
const polls = 3;
const rounds = 3;

const serverFile = new URL('./waiting-server.ts', import.meta.url);
const contestantFile = new URL('./waiting-process.ts', import.meta.url);

async function costOfWaiting(contestant: string): Promise<WaitingCost> {
  const server = startProcess(serverFile);
  try {
    const url = await firstLine(server);
    const args = [contestant, url, String(runs), String(polls)];
    return JSON.parse(await firstLine(startProcess(contestantFile, args, ['--expose-gc'])));
  } finally {
    server.kill();
  }
}

/** (c): many runs that wait. Targets against the bare loop: 15 kB of additional memory per run, 1.5× the CPU time. */
export async function compareWaiting(): Promise<void> {
  const costs = { bare: [] as WaitingCost[], longhaul: [] as WaitingCost[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['bare', 'longhaul'] as const) costs[name].push(await costOfWaiting(name));
  }
  const middle = (name: keyof typeof costs, part: keyof WaitingCost): number =>
    median(costs[name].map((cost) => cost[part]));
  const against = (part: keyof WaitingCost): number =>
    median(costs.longhaul.map((cost, round) => cost[part] / (costs.bare[round]?.[part] ?? Number.NaN)));
  const row = (name: keyof typeof costs, title: string): Record<string, string> => ({
    contestant: title,
    'heap kB a run': number(middle(name, 'heapBytes') / runs / 1_000),
    'resident kB a run': number(middle(name, 'residentBytes') / runs / 1_000),
    'before last GC': number(middle(name, 'grownBytes') / runs / 1_000),
    'CPU µs a create': number((middle(name, 'createCpuMs') * 1_000) / runs),
    'CPU µs a poll': number((middle(name, 'pollCpuMs') * 1_000) / runs / polls),
    'CPU of polls': name === 'bare' ? ratio(1) : ratio(against('pollCpuMs')),
  });
  printTable(`(c) ${number(runs)} background runs that wait at the same time, ${polls} polls each`, [
    row('bare', 'bare fetch polling'),
    row('longhaul', 'longhaul'),
  ]);
}
