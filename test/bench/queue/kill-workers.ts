import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchProcess, startProcess } from '../bench-process.ts';
import { wallTime } from '../lengths.ts';
import { postgresStore } from '@longhaul/core/store/postgres';
import { queueRunner } from '@longhaul/core/queue';
import { agent } from './bench-agent.ts';
import type { BenchDatabase } from './bench-database.ts';
import { until } from './waiting-runs.ts';
import type { WorkerSettings } from './worker-process.ts';

/** The number of workers that are killed while one survives. */
const together = 5;
/** The workers are killed at different times, because the survivor looks for dead workers every second. */
const apartMs = 370;
const pollMs = 100;

/** The first and the last GET of each response, by a worker. */
class WorkerGets {
  readonly child: BenchProcess;
  readonly first = new Map<string, number>();
  isStarted = false;

  constructor({ url }: BenchDatabase, schema: string, slots: number) {
    const settings: WorkerSettings = { slots, pollMs, parkAfterMs: 60_000 };
    const file = new URL('worker-process.ts', import.meta.url);
    this.child = startProcess(file, [url, schema, '', JSON.stringify(settings)]);
    createInterface(this.child.stdout).on('line', (line) => {
      const [responseId = '', at] = line.split(' ');
      if (line === 'started') this.isStarted = true;
      else if (!this.first.has(responseId)) this.first.set(responseId, Number(at));
    });
  }
}

/** The milliseconds from the end of each worker until another worker asks the API about its run. */
export async function killWorkers(database: BenchDatabase, kills: number): Promise<readonly number[]> {
  const delays: number[] = [];
  while (delays.length < kills) delays.push(...(await killSome(database)));
  return delays;
}

async function killSome(database: BenchDatabase): Promise<readonly number[]> {
  const schema = database.newSchema();
  const store = postgresStore({ database: database.newPool({ max: 3 }), schema });
  const front = queueRunner({ store, agents: [agent] });
  for (let run = 0; run < together; run += 1) await front.start(agent, 'Wait.').saved();
  const victims = Array.from({ length: together }, () => new WorkerGets(database, schema, 1));
  await until(() => victims.every(({ first }) => first.size === 1));
  const survivor = new WorkerGets(database, schema, 100);
  await until(() => survivor.isStarted);
  const killedAt = new Map<string, number>();
  for (const { child, first } of victims) {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    const [responseId = ''] = first.keys();
    killedAt.set(responseId, wallTime());
    await sleep(apartMs);
  }
  await until(() => survivor.first.size === together);
  survivor.child.kill('SIGKILL');
  await front.close();
  await store.close();
  return [...killedAt].map(([responseId, at]) => (survivor.first.get(responseId) ?? Number.NaN) - at);
}
