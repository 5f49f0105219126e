import { bareLoop, longhaulLoop, sendIterations } from './iterations.ts';
import { number, printTable, ratio } from './print-table.ts';
import { type Rounds, takeTurns } from './take-turns.ts';

type Loop = (baseURL: string, send: typeof fetch, iterations: number) => Promise<string>;

const iterations = 50;

async function compare(title: string, loops: Readonly<Record<string, Loop>>, rounds: Rounds): Promise<void> {
  const bytes: Record<string, number> = {};
  const contestants = Object.entries(loops).map(([name, loop]) => ({
    name,
    run: async () => {
      bytes[name] = await sendIterations(iterations, loop);
    },
  }));
  const results = await takeTurns(contestants, rounds);
  const [first] = results;
  const firstBytes = bytes[first?.name ?? ''] ?? Number.NaN;
  printTable(
    title,
    results.map(({ name, cpuMs, cpuRatio, wallMs, wallRatio }) => {
      const sent = bytes[name] ?? Number.NaN;
      return {
        contestant: name,
        'CPU ms': number(cpuMs),
        CPU: ratio(cpuRatio),
        'wall ms': number(wallMs),
        wall: ratio(wallRatio),
        'bytes sent': number(sent),
        bytes: ratio(sent / firstBytes),
      };
    }),
  );
}

/** (a): Longhaul compared with a minimal loop. Targets: 1.3 times its time, 1.05 times its bytes. */
export function compareWithBareLoop(): Promise<void> {
  return compare(
    `(a) ${iterations} iterations, each with a tool output of 2 kB, foreground; emulator in the same process`,
    { 'bare fetch loop': bareLoop, longhaul: longhaulLoop },
    { rounds: 40, warmUp: 8 },
  );
}

/** (b): the loops of other SDKs, with the same emulator and the same tool. */
export async function compareWithPeers(): Promise<void> {
  // Loaded only here, because these SDKs have several megabytes.
  const { aiLoop, agentsLoop } = await import('./peers.ts');
  await compare(
    '(b) the same with other SDKs',
    {
      longhaul: longhaulLoop,
      'ai 7.0.173': aiLoop,
      '@openai/agents 0.20.0': agentsLoop,
      'bare fetch loop': bareLoop,
    },
    { rounds: 12, warmUp: 4 },
  );
}
