import { setTimeout as sleep } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { type BenchProcess, startProcess } from '../bench-process.ts';
import { percentile } from '../median.ts';
import { number, printTable } from '../print-table.ts';
import type { BenchDatabase } from './bench-database.ts';
import { fillWithWaitingRuns, longMs, until } from './waiting-runs.ts';
import type { WorkerSettings } from './worker-process.ts';

const many = 10_000;
const others = 10;
const timers = 2_000;
const timersEveryMs = 10;

interface Worker extends Disposable {
  /** When the worker asked the API about each response, first. */
  readonly gets: Map<string, number>;
}

async function startWorker({ url }: BenchDatabase, schema: string): Promise<Worker> {
  const settings: WorkerSettings = { pollMs: longMs };
  const file = new URL('worker-process.ts', import.meta.url);
  const child: BenchProcess = startProcess(file, [url, schema, '', JSON.stringify(settings)]);
  const gets = new Map<string, number>();
  let isStarted = false;
  createInterface(child.stdout).on('line', (line) => {
    const [responseId = '', at] = line.split(' ');
    if (line === 'started') isStarted = true;
    else if (!gets.has(responseId)) gets.set(responseId, Number(at));
  });
  await until(() => isStarted);
  return { gets, [Symbol.dispose]: () => void child.kill('SIGKILL') };
}

function printDelays(title: string, delays: readonly number[], target: string): void {
  printTable(title, [
    {
      runs: number(delays.length),
      'p50 ms': number(percentile(delays, 0.5)),
      'p99 ms': number(percentile(delays, 0.99)),
      'longest ms': number(Math.max(...delays)),
      target,
    },
  ]);
}

/** The time until the runs of other owners start while thousands of runs of one owner are due. */
export async function fairStarts(database: BenchDatabase): Promise<void> {
  const schema = database.newSchema();
  const pool = database.newPool();
  await fillWithWaitingRuns(pool, schema, many + others, ['owner-a']);
  using worker = await startWorker(database, schema);
  await pool.query(`UPDATE "${schema}".runs SET wake_at = now() WHERE substr(run_id, 5)::int > ${others}`);
  await sleep(1_000);
  const delays: number[] = [];
  for (let n = 1; n <= others; n += 1) {
    const { rows } = await pool.query<{ at: number }>(
      `UPDATE "${schema}".runs SET wake_at = clock_timestamp(), owner = 'owner-' || run_id WHERE run_id = 'run-${n}'
       RETURNING (extract(epoch FROM wake_at) * 1000)::float8 AS at`,
    );
    await until(() => worker.gets.has(`resp_${n}`), 5);
    delays.push((worker.gets.get(`resp_${n}`) ?? Number.NaN) - (rows[0]?.at ?? Number.NaN));
  }
  const behind = many + others - worker.gets.size;
  printDelays(
    `(k) runs of other owners, while one owner has ${number(many)} due runs (${number(behind)} at the end)`,
    delays,
    '1,000 ms',
  );
}

/** How late runs are woken that become due one after the other. */
export async function lateTimers(database: BenchDatabase): Promise<void> {
  const schema = database.newSchema();
  const pool = database.newPool();
  await fillWithWaitingRuns(pool, schema, timers);
  using worker = await startWorker(database, schema);
  const { rows } = await pool.query<{ id: string; at: number }>(
    `UPDATE "${schema}".runs
     SET wake_at = now() + interval '1 second' + substr(run_id, 5)::int * interval '${timersEveryMs} milliseconds'
     RETURNING response_id AS id, (extract(epoch FROM wake_at) * 1000)::float8 AS at`,
  );
  await until(() => worker.gets.size >= timers);
  const delays = rows.map(({ id, at }) => (worker.gets.get(id) ?? Number.NaN) - at);
  printDelays(`(k) how late timers are, one each ${timersEveryMs} ms`, delays, '500 ms (p99)');
}
