/**
 * The process of one contestant of {@link compareWaiting}. Arguments: the contestant, the URL of the API, the number of
 * runs, the number of polls of each run. Prints its {@link WaitingCost} as JSON.
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRunner, defineAgent, fetchClient } from '@longhaul/core';
import { model, parameters, question, readPage, toolName } from './iterations.ts';
import { PooledFetch } from './pooled-fetch.ts';

/** The cost of a process of waiting runs. */
export interface WaitingCost {
  /** Live objects. */
  readonly heapBytes: number;
  /** Resident memory after V8 released unused pages. */
  readonly residentBytes: number;
  /** Resident memory before that, while V8 keeps pages of collected garbage for new objects. */
  readonly grownBytes: number;
  readonly createCpuMs: number;
  readonly pollCpuMs: number;
}

/** The delay between the measured polls, in milliseconds. */
const pollMs = 100;
/** The delay after the measured polls, in milliseconds. Memory is measured while all runs wait. */
const restMs = 3_600_000;

const [contestant = '', baseURL = '', runsText = '', pollsText = ''] = process.argv.slice(2);
const runs = Number(runsText);
const polls = Number(pollsText);
const pool = new PooledFetch();

function delayAfter(polled: number): number {
  return polled < polls ? pollMs : restMs;
}

/** A minimal run: keeps only the id, and waits. */
async function bareRun(): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer bench' };
  const created = await pool.fetch(`${baseURL}/responses`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      model,
      input: [{ role: 'user', content: question }],
      tools: [{ type: 'function', name: toolName, parameters, strict: true }],
      background: true,
      store: true,
      metadata: { longhaul_run_id: crypto.randomUUID(), longhaul_iteration: '0' },
    }),
  });
  const { id } = await created.json();
  for (let polled = 0; ; polled += 1) {
    await sleep(delayAfter(polled));
    const answer = await pool.fetch(`${baseURL}/responses/${id}`, { headers });
    const { status } = await answer.json();
    if (status !== 'queued' && status !== 'in_progress') return status;
  }
}

function startBare(): unknown {
  return Array.from({ length: runs }, () => bareRun());
}

function startLonghaul(): unknown {
  const agent = defineAgent({ name: 'bench', model, tools: [readPage] });
  const client = fetchClient({ baseURL, apiKey: 'bench', fetch: pool.fetch });
  const runner = createRunner({ client, mode: 'poll', polling: ({ polls: polled }) => delayAfter(polled) });
  return [runner, Array.from({ length: runs }, () => runner.start(agent, question).result())];
}

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await sleep(20);
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Collects garbage twice, because the second collection frees the objects that the first one finalised. */
async function collect(): Promise<void> {
  for (let time = 0; time < 2; time += 1) {
    await sleep(100);
    globalThis.gc?.();
  }
}

/** Makes V8 release unused pages, with the collection that it makes before it runs out of memory. */
function releasePages(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

await collect();
releasePages();
const before = process.memoryUsage();
const started = cpuMs();
const held = contestant === 'longhaul' ? startLonghaul() : startBare();
await until(() => pool.answers.POST === runs);
const created = cpuMs();
pool.gate.resolve();
await until(() => pool.answers.GET === runs * polls);
const polled = cpuMs();
await collect();
const grown = process.memoryUsage().rss;
releasePages();
const after = process.memoryUsage();
const cost: WaitingCost = {
  heapBytes: after.heapUsed + after.external - before.heapUsed - before.external,
  residentBytes: after.rss - before.rss,
  grownBytes: grown - before.rss,
  createCpuMs: created - started,
  pollCpuMs: polled - created,
};
console.log(JSON.stringify(cost));
process.exit(held === undefined ? 1 : 0);
