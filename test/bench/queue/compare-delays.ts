import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchProcess, firstLine, startProcess } from '../bench-process.ts';
import { type Lengths, timesOf } from '../lengths.ts';
import { percentile } from '../median.ts';
import { number, printTable } from '../print-table.ts';
import { delta } from '../recorded-stream.ts';
import { benchDatabase, type BenchDatabase } from './bench-database.ts';
import { killWorkers } from './kill-workers.ts';
import { countNotifies } from './count-notifies.ts';
import type { WorkerSettings } from './worker-process.ts';

const runs = Number(process.env['LONGHAUL_BENCH_RUNS'] ?? 200);
const kills = Number(process.env['LONGHAUL_BENCH_KILLS'] ?? 20);
const deltas = Number(process.env['LONGHAUL_BENCH_DELTAS'] ?? 500);
/** The number of runs that start in a second. */
const startedASecond = 10;
const runMs = 3_000;
/** About as fast as a model. */
const everyMs = 23;
const secret = `whsec_${btoa('the secret of the benchmark')}`;

const frontFile = new URL('./front-process.ts', import.meta.url);
const webhookFile = new URL('./webhook-api.ts', import.meta.url);
const workerFile = new URL('./worker-process.ts', import.meta.url);
const streamFile = new URL('../latency-upstream.ts', import.meta.url);

/** Processes that end with the benchmark. */
class Processes implements Disposable {
  readonly #started: BenchProcess[] = [];

  async start(file: URL, ...args: readonly string[]): Promise<string> {
    const child = startProcess(file, args);
    this.#started.push(child);
    return firstLine(child);
  }

  [Symbol.dispose](): void {
    for (const child of this.#started) child.kill('SIGKILL');
  }
}

function row(what: string, values: readonly number[], target: string): Record<string, string> {
  return {
    delay: what,
    count: number(values.length),
    'p50 ms': number(percentile(values, 0.5)),
    'p95 ms': number(percentile(values, 0.95)),
    'p99 ms': number(percentile(values, 0.99)),
    target,
  };
}

/** From the webhook of the API to the GET of a worker, over HTTP: the API, a front and a worker are processes. */
async function webhookDelays(database: BenchDatabase): Promise<readonly number[]> {
  using processes = new Processes();
  const schema = database.newSchema();
  const front = await processes.start(frontFile, database.url, schema, secret);
  const api = await processes.start(webhookFile, `${front}/webhooks`, secret, String(runMs));
  const settings: WorkerSettings = { pollMs: 3_600_000 };
  await processes.start(workerFile, database.url, schema, `${api}/v1`, JSON.stringify(settings));
  for (let started = 0; started < runs; started += 1) {
    await fetch(`${front}/start?count=1`, { method: 'POST' });
    await sleep(1_000 / startedASecond);
  }
  for (;;) {
    const answer = await fetch(`${api}/delays`);
    const { delays, unexpected }: { readonly delays: number[]; readonly unexpected: number } =
      await answer.json();
    if (delays.length === runs && unexpected > 0)
      throw new Error(`${unexpected} GETs came without a webhook.`);
    if (delays.length === runs) return delays;
    await sleep(200);
  }
}

/** From the API's event to the view of a front that has not started the run. */
async function textDelays(
  database: BenchDatabase,
): Promise<{ readonly delays: readonly number[]; readonly notifies: number }> {
  using processes = new Processes();
  const schema = database.newSchema();
  const front = await processes.start(frontFile, database.url, schema, secret);
  const api = await processes.start(streamFile, String(deltas), String(everyMs));
  const settings: WorkerSettings = { pollMs: 3_600_000, mode: 'auto' };
  await processes.start(workerFile, database.url, schema, `${api}/v1`, JSON.stringify(settings));
  const notifies = await countNotifies(database, schema);
  const shown = await fetch(`${front}/watch`, { method: 'POST' });
  const lengths: Lengths = await shown.json();
  const sent: readonly number[] = await (await fetch(`${api}/times`)).json();
  const seen = timesOf(lengths, delta.length, deltas);
  const seconds = ((sent.at(-1) ?? 0) - (sent[0] ?? 0)) / 1_000;
  return {
    delays: seen.map((at, index) => at - (sent[index] ?? Number.NaN)),
    notifies: (await notifies.end()) / seconds,
  };
}

/** (l): delays between processes. Targets: webhook to GET 250 ms (p95), from `kill -9` to another worker 15 s (p99). */
export async function compareDelays(): Promise<void> {
  await using database = await benchDatabase();
  const webhooks = await webhookDelays(database);
  const text = await textDelays(database);
  const killed = await killWorkers(database, kills);
  printTable(`(l) delays between a front, a worker and the API, which are processes`, [
    row('webhook to GET', webhooks, '250 (p95)'),
    row('text of a worker in the view of another process', text.delays, '–'),
    row('kill -9 to the GET of another worker', killed, '15,000 (p99)'),
  ]);
  console.log(`\n${number(text.notifies)} NOTIFYs a second for one watched run; the budget is 200.`);
}
