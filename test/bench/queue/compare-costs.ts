import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { createWorker, queueRunner } from '@longhaul/core/queue';
import { postgresStore } from '@longhaul/core/store/postgres';
import { median } from '../median.ts';
import { pageText } from '../iterations.ts';
import { number, printTable } from '../print-table.ts';
import { BareQueue } from './bare-queue.ts';
import { agent } from './bench-agent.ts';
import { benchDatabase } from './bench-database.ts';
import { memoryApi } from './memory-api.ts';
import { fillWithWaitingRuns, longMs } from './waiting-runs.ts';

const count = 4_000;
const startedAtOnce = 100;
const rounds = 5;
/** Linux counts CPU time in hundredths of a second. */
const tickMs = 10;

/** The CPU time of all processes of PostgreSQL on this machine, in milliseconds. Works on Linux. */
function postgresMs(): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(name));
  return stats
    .filter((stat) => stat.includes('(postgres)'))
    .map((stat) => stat.slice(stat.lastIndexOf(')')).split(' '))
    .reduce((sum, fields) => sum + (Number(fields[12]) + Number(fields[13])) * tickMs, 0);
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // The process has ended.
    return '';
  }
}

/** (m): the CPU time of PostgreSQL and of Node for the parts of a run's life. */
export async function compareCosts(): Promise<void> {
  await using database = await benchDatabase();
  const schema = database.newSchema();
  const pool = database.newPool();
  await fillWithWaitingRuns(pool, schema, count);
  const bare = new BareQueue(pool, schema);
  await bare.start();
  const store = postgresStore({ database: pool, schema });
  const front = queueRunner({ store, agents: [agent] });
  const rows: Record<string, string>[] = [];
  const measure = async (
    what: string,
    work: () => Promise<void>,
    prepare?: () => Promise<void>,
  ): Promise<void> => {
    const inDatabase: number[] = [];
    const inNode: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await prepare?.();
      const before = postgresMs();
      const node = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(node);
      inDatabase.push((postgresMs() - before) / count);
      inNode.push((user + system) / 1_000 / count);
    }
    rows.push({ what, 'PostgreSQL ms': median(inDatabase).toFixed(2), 'Node ms': median(inNode).toFixed(2) });
  };
  const options = { agents: [agent], store, mode: 'poll', polling: () => longMs } as const;
  const wake = async (): Promise<void> => {
    const worker = createWorker({ ...options, client: memoryApi().client });
    await worker.drain({ maxMs: 600_000 });
    await worker.close();
  };
  await measure('a wake, with one poll', wake, () => bare.wakeAll());
  await measure('a save of an item of 2 kB', () => saveMany(store));
  await measure('the start of a run', async () => {
    for (let started = 0; started < count; started += startedAtOnce)
      await Promise.all(
        Array.from({ length: startedAtOnce }, () => front.start(agent, 'Wait.', { owner: 'owner' }).saved()),
      );
  });
  const { rows: sizes } = await pool.query<{ size: number }>(
    `SELECT (pg_total_relation_size('"${schema}".runs')::float8 / count(*)) AS size FROM "${schema}".runs`,
  );
  printTable(`(m) CPU time, medians of ${rounds} rounds of ${number(count)}`, rows);
  console.log(
    `\nDisk of a waiting run with its indices: ${number((sizes[0]?.size ?? Number.NaN) / 1_000)} kB.`,
  );
  await front.close();
  await bare.stop();
  await store.close();
}

async function saveMany(store: ReturnType<typeof postgresStore>): Promise<void> {
  const runId = 'run-1';
  const stored = await store.load(runId);
  if (stored === undefined) throw new Error(`There is no run ${runId}.`);
  const item = { n: 1, type: 'function_call_output', output: pageText(1) };
  let { revision } = stored.head;
  for (let saved = 0; saved < count; saved += 1) {
    revision += 1;
    const commitId = crypto.randomUUID();
    const append: typeof stored.items = JSON.parse(JSON.stringify([item]));
    await store.commit({ runId, revision, commitId, head: { ...stored.head, revision, commitId }, append });
  }
}
