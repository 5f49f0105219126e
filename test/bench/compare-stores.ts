import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { firstLine, startProcess } from './bench-process.ts';
import { median } from './median.ts';
import { number, printTable, ratio } from './print-table.ts';
import type { StoreCost } from './store-process.ts';

const runs = Number(process.env['LONGHAUL_BENCH_RUNS'] ?? 5_000);
const rounds = Number(process.env['LONGHAUL_BENCH_ROUNDS'] ?? 3);
/** The commit before `sqliteStore` had its own thread. */
const before = process.env['LONGHAUL_BENCH_BEFORE'] ?? 'eabebee';

const serverFile = new URL('./store-server.ts', import.meta.url);
const contestantFile = new URL('./store-process.ts', import.meta.url);
const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Extracts the sources of `before`, with the current dependencies. Undefined if the clone lacks that commit. */
function sourcesBefore(folder: string): string | undefined {
  const core = join(repository, 'packages/core');
  try {
    const archive = execFileSync('git', ['archive', before, 'packages/core'], {
      cwd: repository,
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    execFileSync('tar', ['-x', '-C', folder], { input: archive });
  } catch {
    console.log(`The commit ${before} is not in this clone. Benchmark (s) runs without it.`);
    return undefined;
  }
  symlinkSync(join(core, 'node_modules'), join(folder, 'packages/core/node_modules'));
  return join(folder, 'packages/core/src');
}

async function costOf(sources: string, store: string): Promise<StoreCost> {
  const server = startProcess(serverFile);
  try {
    const url = await firstLine(server);
    return JSON.parse(await firstLine(startProcess(contestantFile, [sources, store, url, String(runs)])));
  } finally {
    server.kill();
  }
}

/**
 * (s): thousands of simultaneous runs on each store. Targets: 5 times the rate of `before` or 70 % of that of memory,
 * and store calls of at most 50 ms.
 */
export async function compareStores(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-before-'));
  try {
    const now = join(repository, 'packages/core/src');
    const then = sourcesBefore(folder);
    const contestants = [
      ['memoryStore', now, 'memory'],
      ['sqliteStore', now, 'sqlite'],
      ...(then === undefined ? [] : [[`sqliteStore at ${before}`, then, 'sqlite'] as const]),
    ] as const;
    const costs = contestants.map((): StoreCost[] => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, [, sources, store]] of contestants.entries()) {
        costs[index]?.push(await costOf(sources, store));
      }
    }
    const middle = (index: number, part: keyof StoreCost): number =>
      median((costs[index] ?? []).map((cost) => cost[part]));
    const against = (index: number, other: number): string =>
      ratio(
        median(
          (costs[index] ?? []).map(
            (cost, round) => cost.runsPerSecond / (costs[other]?.[round]?.runsPerSecond ?? Number.NaN),
          ),
        ),
      );
    printTable(
      `(s) ${number(runs)} simultaneous runs, one tool call each, polled; emulator in another process`,
      contestants.map(([name], index) => ({
        contestant: name,
        'runs a second': number(middle(index, 'runsPerSecond')),
        'of memory': against(index, 0),
        'of before': then === undefined ? '–' : against(index, 2),
        'CPU ms a run': number(middle(index, 'cpuMs') / runs),
        'longest call, CPU ms': number(middle(index, 'callMs')),
        'longest turn, CPU ms': number(middle(index, 'blockedMs')),
        'failed runs': number(middle(index, 'failed')),
      })),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
