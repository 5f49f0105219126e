import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchProcess, firstLine, startProcess } from '../bench-process.ts';
import { number, printTable } from '../print-table.ts';
import type { BenchDatabase } from './bench-database.ts';
import { type Memory, memoryReader } from './report-memory.ts';
import { parkedRuns, until } from './waiting-runs.ts';
import type { WorkerSettings } from './worker-process.ts';

const drivenRuns = 500;
const parkedBefore = 1_000;
const parkedAfter = Number(process.env['LONGHAUL_BENCH_PARKED'] ?? 20_000);
const startedAtOnce = 100;
/** A front keeps runs that it has started for a while, in milliseconds. */
const keptMs = 20_000;

const frontFile = new URL('./front-process.ts', import.meta.url);
const apiFile = new URL('./tool-api.ts', import.meta.url);
const workerFile = new URL('./worker-process.ts', import.meta.url);

/** The resident memory of a process, in MB. */
function residentMB({ pid }: BenchProcess): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1_024;
}

async function startRuns(front: string, from: number, to: number): Promise<void> {
  for (let started = from; started < to; started += startedAtOnce)
    await fetch(`${front}/start?count=${Math.min(startedAtOnce, to - started)}`, { method: 'POST' });
}

/** The memory of a worker that drives many runs, each after three tool calls with outputs of 2 kB. */
export async function driven(database: BenchDatabase): Promise<void> {
  const schema = database.newSchema();
  const front = startProcess(frontFile, [database.url, schema, `whsec_${btoa('a secret of a front')}`]);
  const frontURL = await firstLine(front);
  const api = startProcess(apiFile);
  const apiURL = await firstLine(api);
  const settings: WorkerSettings = { slots: drivenRuns, pollMs: 5_000, parkAfterMs: 1_000_000_000 };
  const args = [database.url, schema, apiURL, JSON.stringify(settings)];
  const worker = startProcess(workerFile, args);
  try {
    await firstLine(worker);
    const idle = residentMB(worker);
    await startRuns(frontURL, 0, drivenRuns);
    const pool = database.newPool();
    let most = 0;
    await until(async () => {
      most = Math.max(most, residentMB(worker));
      const text = `SELECT count(*)::int AS count FROM "${schema}".runs WHERE iteration = 3 AND response_id IS NOT NULL`;
      return (await pool.query<{ count: number }>(text)).rows[0]?.count === drivenRuns;
    }, 200);
    await sleep(10_000);
    const after = residentMB(worker);
    printTable(`(k) resident memory of a worker that drives ${number(drivenRuns)} runs`, [
      {
        'idle MB': number(idle),
        'highest MB': number(Math.max(most, after)),
        'while all wait MB': number(after),
        target: '512 MB',
      },
    ]);
  } finally {
    for (const child of [front, api, worker]) child.kill('SIGKILL');
  }
}

/** The memory of a front and a worker when more and more of their runs are parked. */
export async function parked(database: BenchDatabase): Promise<void> {
  const schema = database.newSchema();
  const flags = ['--expose-gc'];
  const front = startProcess(
    frontFile,
    [database.url, schema, `whsec_${btoa('a secret of a front')}`],
    flags,
  );
  const settings: WorkerSettings = { pollMs: 3_600_000 };
  const worker = startProcess(workerFile, [database.url, schema, '', JSON.stringify(settings)], flags);
  const frontReader = memoryReader(front);
  const workerReader = memoryReader(worker);
  try {
    const frontURL = await frontReader.started;
    await workerReader.started;
    const pool = database.newPool();
    const measure = async (from: number, to: number): Promise<readonly Memory[]> => {
      await startRuns(frontURL, from, to);
      await until(async () => (await parkedRuns(pool, schema)) === to, 200);
      await sleep(keptMs);
      return [await frontReader.memory(), await workerReader.memory()];
    };
    const before = await measure(0, parkedBefore);
    const after = await measure(parkedBefore, parkedAfter);
    const perRun = (index: number, what: keyof Memory): string => {
      const grown = (after[index]?.[what] ?? Number.NaN) - (before[index]?.[what] ?? Number.NaN);
      return ((grown * 1_024) / (parkedAfter - parkedBefore)).toFixed(2);
    };
    printTable(
      `(k) memory after a garbage collection: a front that has started runs, and the worker that has parked them`,
      ['front', 'worker'].map((name, index) => ({
        process: name,
        [`objects after ${number(parkedBefore)} runs, MB`]: number(before[index]?.heap ?? Number.NaN),
        [`after ${number(parkedAfter)} runs, MB`]: number(after[index]?.heap ?? Number.NaN),
        'kB a run': perRun(index, 'heap'),
        'resident, kB a run': perRun(index, 'resident'),
      })),
    );
  } finally {
    for (const child of [front, worker]) child.kill('SIGKILL');
  }
}
