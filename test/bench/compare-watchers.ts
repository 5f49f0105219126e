import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type BenchProcess, firstLine, startProcess } from './bench-process.ts';
import type { Recording } from './bare-fan-out.ts';
import { median } from './median.ts';
import { number, printTable, ratio } from './print-table.ts';
import { WatchingPages } from './watching-pages.ts';
import type { ServerCost } from './watchers-process.ts';

const pages = Number(process.env['LONGHAUL_BENCH_PAGES'] ?? 1_000);
const rounds = Number(process.env['LONGHAUL_BENCH_ROUNDS'] ?? 3);
const deltas = 200;
const everyMs = 40;

const serverFile = new URL('./watchers-process.ts', import.meta.url);
const upstreamFile = new URL('./watchers-upstream.ts', import.meta.url);

/** `heap`: the objects of the server. `resident`: also the free memory that V8 keeps, which varies. */
interface Memory {
  readonly heap: number;
  readonly resident: number;
}

function memoryBetween(before: ServerCost, after: ServerCost): Memory {
  return {
    heap: after.heapBytes - before.heapBytes,
    resident: after.residentBytes - before.residentBytes,
  };
}

interface WatchCost {
  readonly openCpuMs: number;
  readonly sendCpuMs: number;
  /** Additional memory while all pages are open, before the first event. */
  readonly openBytes: Memory;
  /** Additional memory after the last event, while all pages are still open. */
  readonly endBytes: Memory;
  readonly sentBytes: number;
}

async function json<T>(url: string): Promise<T> {
  return (await fetch(url)).json();
}

/** Measures a server while `count` pages open, receive all events of their runs, and stay open. */
async function watch(
  args: readonly string[],
  runs: number,
  count: number,
  apiURL?: string,
): Promise<{ readonly cost: WatchCost; readonly recording: Recording }> {
  const server = startProcess(serverFile, args, ['--expose-gc']);
  const watching = new WatchingPages();
  try {
    const url = await firstLine(server);
    const cost = (): Promise<ServerCost> => json(`${url}/cost`);
    const ids = Array.from({ length: count }, (_, index) => `run-${index % runs}`);
    // The first pages load code and wait until their runs are saved.
    const warmUp = new WatchingPages();
    await warmUp.open(url, [...new Set(ids)]);
    warmUp.close();
    const before = await cost();
    await watching.open(url, ids);
    const opened = await cost();
    watching.released();
    await fetch(`${apiURL ?? url}/release`);
    await watching.ended();
    const ended = await cost();
    return {
      cost: {
        openCpuMs: opened.cpuMs[0] - before.cpuMs[1],
        sendCpuMs: ended.cpuMs[0] - opened.cpuMs[1],
        openBytes: memoryBetween(before, opened),
        endBytes: memoryBetween(before, ended),
        sentBytes: watching.bytes,
      },
      recording: watching.recording(),
    };
  } finally {
    watching.close();
    server.kill();
  }
}

async function watchLonghaul(runs: number, count: number): ReturnType<typeof watch> {
  const upstream: BenchProcess = startProcess(upstreamFile, [String(deltas), String(everyMs)]);
  try {
    const apiURL = await firstLine(upstream);
    return await watch(['longhaul', apiURL, String(runs)], runs, count, apiURL);
  } finally {
    upstream.kill();
  }
}

type RoundCosts = readonly [bare: WatchCost, longhaul: WatchCost, onePage: WatchCost];

/** The costs of all contestants in one round. The bare fan-out sends what the pages of Longhaul have received. */
async function round(runs: number, file: string): Promise<RoundCosts> {
  const longhaul = await watchLonghaul(runs, pages);
  writeFileSync(file, JSON.stringify(longhaul.recording));
  const bare = await watch(['bare', file], runs, pages);
  const alone = await watchLonghaul(runs, 1);
  return [bare.cost, longhaul.cost, alone.cost];
}

/**
 * (h): pages that watch runs of one process. Targets against a bare fan-out of the same bytes: 1.5 times the CPU time,
 * and 10 kB of additional memory per page.
 */
export async function compareWatchers(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-watchers-'));
  const rows: Record<string, string>[] = [];
  try {
    for (const runs of [1, 100]) {
      const costs: RoundCosts[] = [];
      for (let time = 0; time < rounds; time += 1) costs.push(await round(runs, join(folder, 'recording')));
      const titles = ['bare fan-out', 'longhaul', 'longhaul, one page'];
      for (const [index, title] of titles.entries()) {
        const middle = (part: (cost: WatchCost, bare: WatchCost, alone: WatchCost) => number): number =>
          median(costs.map((all) => part(all[index] ?? all[0], all[0], all[2])));
        // The memory of one page is within the variation of the whole process.
        const perPage = (value: number): string => (index === 2 ? '–' : number(value / pages));
        rows.push({
          contestant: title,
          runs: number(runs),
          'CPU ms of events': number(middle((cost) => cost.sendCpuMs)),
          CPU: ratio(middle((cost, bare) => cost.sendCpuMs / bare.sendCpuMs)),
          'CPU without driving':
            index === 1
              ? ratio(middle((cost, bare, alone) => (cost.sendCpuMs - alone.sendCpuMs) / bare.sendCpuMs))
              : '–',
          'CPU µs to open a page': perPage(middle((cost) => cost.openCpuMs * 1_000)),
          'heap kB a page, open': perPage(middle((cost) => cost.openBytes.heap / 1_000)),
          'heap after all events': perPage(middle((cost) => cost.endBytes.heap / 1_000)),
          'resident kB a page, open': perPage(middle((cost) => cost.openBytes.resident / 1_000)),
          'resident after all events': perPage(middle((cost) => cost.endBytes.resident / 1_000)),
          'MB sent': number(middle((cost) => cost.sentBytes / 1e6)),
        });
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  printTable(`(h) ${number(pages)} pages that watch runs of one process, ${deltas} deltas a run`, rows);
}
