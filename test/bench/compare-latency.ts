import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { remoteRunner } from '@longhaul/core/remote';
import { type BenchProcess, firstLine, startProcess } from './bench-process.ts';
import type { ServerLengths } from './latency-process.ts';
import { type Lengths, timesOf, wallTime } from './lengths.ts';
import { median, percentile } from './median.ts';
import { number, printTable } from './print-table.ts';
import { delta } from './recorded-stream.ts';

const deltas = Number(process.env['LONGHAUL_BENCH_DELTAS'] ?? 500);
const rounds = Number(process.env['LONGHAUL_BENCH_ROUNDS'] ?? 5);
/** About as fast as a model. It is no divisor of the times for which text is gathered. */
const everyMs = 23;

const upstreamFile = new URL('./latency-upstream.ts', import.meta.url);
const serverFile = new URL('./latency-process.ts', import.meta.url);

/** The delays of all deltas of a run, in milliseconds. */
interface Delays {
  readonly toPage: readonly number[];
  readonly toDriver: readonly number[];
  /** From the view of the driving process to the notice for other processes. NaN in one process. */
  readonly gathered: readonly number[];
  /** From the notice, or from the view of the driving process, to the page. */
  readonly fromServer: readonly number[];
}

/** Starts a run at one server, and watches it as a page of another server or the same one. */
async function watchedLengths(driverURL: string, pageURL: string): Promise<Lengths> {
  const runId = crypto.randomUUID();
  const started = await fetch(`${driverURL}/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ runId, agent: 'bench', input: 'Write.' }),
  });
  if (!started.ok) throw new Error(`The start was answered with ${started.status}.`);
  const page = remoteRunner({ baseURL: pageURL });
  const run = await page.follow(runId);
  const shown: [number, number][] = [];
  run.subscribe(() => shown.push([run.view.text.length, wallTime()]));
  const { text } = await run.result();
  if (text !== delta.repeat(deltas)) throw new Error(`The page has ${text.length} characters.`);
  await page.close();
  return shown;
}

async function json<T>(url: string): Promise<T> {
  return (await fetch(url)).json();
}

function between(from: readonly number[], to: readonly number[]): readonly number[] {
  return to.map((at, index) => at - (from[index] ?? Number.NaN));
}

async function measure(processes: 1 | 2): Promise<Delays> {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-latency-'));
  const started: BenchProcess[] = [];
  const start = (file: URL, ...args: readonly string[]): Promise<string> => {
    const child = startProcess(file, args);
    started.push(child);
    return firstLine(child);
  };
  try {
    const apiURL = await start(upstreamFile, String(deltas), String(everyMs));
    const driverURL = await start(serverFile, apiURL, join(folder, 'runs.db'));
    const pageURL = processes === 1 ? driverURL : await start(serverFile, apiURL, join(folder, 'runs.db'));
    const page = await watchedLengths(driverURL, pageURL);
    const sent = await json<readonly number[]>(`${apiURL}/times`);
    const { driven, published } = await json<ServerLengths>(`${driverURL}/lengths`);
    const times = (lengths: Lengths): readonly number[] => timesOf(lengths, delta.length, deltas);
    const server = processes === 1 ? times(driven) : times(published);
    return {
      toPage: between(sent, times(page)),
      toDriver: between(sent, times(driven)),
      gathered: processes === 1 ? [] : between(times(driven), server),
      fromServer: between(server, times(page)),
    };
  } finally {
    for (const child of started) child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** (g): from the event of the API to the view of a page. Targets: p95 of 50 ms in one process, 100 ms over two. */
export async function compareLatency(): Promise<void> {
  const measured = { 1: [] as Delays[], 2: [] as Delays[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const processes of [1, 2] as const) measured[processes].push(await measure(processes));
  }
  const rows = ([1, 2] as const).map((processes) => {
    const part = (name: keyof Delays, share: number): string => {
      const value = median(measured[processes].map((delays) => percentile(delays[name], share)));
      return Number.isNaN(value) ? '–' : number(value);
    };
    return {
      processes: processes === 1 ? 'one' : 'two, one SQLite file',
      'p50 ms': part('toPage', 0.5),
      'p95 ms': part('toPage', 0.95),
      'driver p50': part('toDriver', 0.5),
      'driver p95': part('toDriver', 0.95),
      'gathering p50': part('gathered', 0.5),
      'gathering p95': part('gathered', 0.95),
      'page p50': part('fromServer', 0.5),
      'page p95': part('fromServer', 0.95),
    };
  });
  printTable(
    `(g) ${number(deltas)} deltas, one each ${everyMs} ms, from the API to the view of a page; medians of ${rounds} rounds`,
    rows,
  );
}
