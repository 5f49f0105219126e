import process from 'node:process';
import { createWorker } from '@longhaul/core/queue';
import { postgresStore } from '@longhaul/core/store/postgres';
import { median } from '../median.ts';
import { number, printTable, ratio } from '../print-table.ts';
import { takeTurns } from '../take-turns.ts';
import { BareQueue } from './bare-queue.ts';
import { agent } from './bench-agent.ts';
import { benchDatabase } from './bench-database.ts';
import { compareSaves } from './compare-saves.ts';
import { memoryApi } from './memory-api.ts';
import { fillWithWaitingRuns, longMs, parkedRuns } from './waiting-runs.ts';

const runs = Number(process.env['LONGHAUL_BENCH_RUNS'] ?? 4_000);
/** The code of a worker is compiled by then, as in a worker that has run for minutes. */
const warmUp = 3;
const rounds = Number(process.env['LONGHAUL_BENCH_ROUNDS'] ?? 5);

/**
 * (j): wakes and saves, compared with pg-boss and SQL without Longhaul. Each contestant handles a wake of each run. A
 * wake of Longhaul reads the run, saves its epoch, asks the API in this process, and parks the run. Targets: 70 % of the
 * wakes of `fetch` and `complete`; a save with one round trip, and 0.3 ms of PostgreSQL's time.
 */
export async function compareWakes(): Promise<void> {
  await using database = await benchDatabase();
  const schema = database.newSchema();
  const pool = database.newPool();
  await fillWithWaitingRuns(pool, schema, runs);
  const bare = new BareQueue(pool, schema);
  await bare.start();
  const api = memoryApi();
  const store = postgresStore({ database: pool, schema });
  // The time for which all wakes are sent does not count.
  const measured: Record<string, number[]> = {};
  const contestant = (name: string, work: () => Promise<void>) => ({
    name,
    run: async (): Promise<void> => {
      await bare.wakeAll();
      const start = performance.now();
      await work();
      (measured[name] ??= []).push(performance.now() - start);
    },
  });
  const contestants = [
    contestant('fetch, and one complete for the batch', async () => check(await bare.work('batch'))),
    contestant('fetch, and a complete for each job', async () => check(await bare.work('each'))),
    contestant('fetch and complete, one job at a time', async () => check(await bare.work('one'))),
    contestant('a worker of Longhaul', async () => {
      const options = { agents: [agent], store, mode: 'poll', polling: () => longMs } as const;
      const worker = createWorker({ ...options, client: api.client });
      api.gets = 0;
      await worker.drain({ maxMs: 600_000 });
      check(api.gets);
      await worker.close();
      check(await parkedRuns(pool, schema));
    }),
  ];
  const results = await takeTurns(contestants, { rounds, warmUp });
  const times = (name: string): readonly number[] => measured[name]?.slice(warmUp) ?? [];
  const against = (name: string, other: string): string =>
    ratio(median(times(name).map((ms, round) => (times(other)[round] ?? Number.NaN) / ms)));
  const [batch = '', each = '', one = ''] = contestants.map(({ name }) => name);
  printTable(
    `(j) ${number(runs)} wakes, in batches of 50; medians of ${rounds} rounds`,
    results.map(({ name, cpuMs }) => ({
      contestant: name,
      'wakes a second': number((1_000 * runs) / median(times(name))),
      'of one complete for the batch': against(name, batch),
      'of a complete for each job': against(name, each),
      'of one at a time': against(name, one),
      'CPU ms a wake': number(cpuMs / runs),
    })),
  );
  await bare.stop();
  await store.close();
  await compareSaves(database);
}

function check(count: number): void {
  if (count !== runs) throw new Error(`${count} of ${runs} wakes were performed.`);
}
