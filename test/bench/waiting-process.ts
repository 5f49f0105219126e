/**
 * One contestant of {@link compareWaiting}, in a process of its own. Arguments: contestant, the API's URL, runs, polls
 * of each run. Prints what it measured as JSON.
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRunner, defineAgent, fetchClient } from '@longhaul/core';
import { model, parameters, question, readPage, toolName } from './iterations.ts';
import { PooledFetch } from './pooled-fetch.ts';

/** What one process of waiting runs needs. */
export interface WaitingCost {
  /** What is alive. */
  readonly heapBytes: number;
  /** What the process has of the machine's memory once V8 has given back what it does not need. */
  readonly residentBytes: number;
  /** The same before it has: pages of garbage that is collected are kept for a while, as more may come. */
  readonly grownBytes: number;
  readonly createCpuMs: number;
  readonly pollCpuMs: number;
}

/** Between the polls that are counted. */
const pollMs = 100;
/** After those: everybody waits, and memory is looked at. */
const restMs = 3_600_000;

const [contestant = '', baseURL = '', runsText = '', pollsText = ''] = process.argv.slice(2);
const runs = Number(runsText);
const polls = Number(pollsText);
const pool = new PooledFetch();

function delayAfter(polled: number): number {
  return polled < polls ? pollMs : restMs;
}

/** Holds what it must, the id, and waits. */
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

/** Twice: what a first collection finalises is freed by the second. */
async function collect(): Promise<void> {
  for (let time = 0; time < 2; time += 1) {
    await sleep(100);
    globalThis.gc?.();
  }
}

/** Makes V8 give pages back that it does not need now, as it does by itself before it gives up for want of memory. */
function giveBack(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

await collect();
giveBack();
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
giveBack();
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
