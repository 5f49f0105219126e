/**
 * The process of one contestant of {@link compareStores}. Arguments: the folder of the core's sources, the store, the
 * URL of the API, the number of runs. Prints its {@link StoreCost} as JSON.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type * as Core from '@longhaul/core';
import type * as Sqlite from '@longhaul/core/store/sqlite';
import { model, parameters, question, toolName } from './iterations.ts';
import { PooledFetch } from './pooled-fetch.ts';

/** The cost of all runs of a process. */
export interface StoreCost {
  readonly runsPerSecond: number;
  /** The longest turn of the event loop after the start of all runs, in milliseconds of CPU time of this thread. */
  readonly blockedMs: number;
  /** The longest call of the store until it returned its promise, in milliseconds of CPU time of this thread. */
  readonly callMs: number;
  readonly cpuMs: number;
  /** Runs that did not complete, for example because a blocked event loop delayed a create for two minutes. */
  readonly failed: number;
}

const [sources = '', kind = '', baseURL = '', runsText = ''] = process.argv.slice(2);
const runs = Number(runsText);
const source = (file: string): string => pathToFileURL(join(sources, file)).href;
// Imported by path, because the contestants use different versions of the package.
const { createRunner, defineAgent, fetchClient, memoryStore, tool }: typeof Core = await import(
  source('index.ts')
);
const { sqliteStore }: typeof Sqlite = await import(source('store/sqlite.ts'));

const folder = await mkdtemp(join(tmpdir(), 'longhaul-bench-'));

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

let longestCall = 0;
/** Wraps a store, and measures the CPU time of its calls. */
function measured<T extends object>(store: T): T {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...args: readonly unknown[]): unknown => {
        const before = cpuMs();
        const result: unknown = Reflect.apply(method, target, args);
        longestCall = Math.max(longestCall, cpuMs() - before);
        return result;
      };
    },
  });
}

const store = measured(kind === 'memory' ? memoryStore() : sqliteStore({ path: join(folder, 'runs.db') }));
const pool = new PooledFetch();
pool.gate.resolve();
const readPage = tool({ name: toolName, parameters: { jsonSchema: parameters }, execute: () => 'A page.' });
const agent = defineAgent({ name: 'bench', model, tools: [readPage] });
const runner = createRunner({
  client: fetchClient({ baseURL, apiKey: 'bench', fetch: pool.fetch }),
  agents: [agent],
  store,
  mode: 'poll',
});

/**
 * The longest turn of the event loop, in CPU time of this thread, so that other load of the machine does not count. The
 * turns during the start of the runs do not count either.
 */
const turns = { longest: 0, last: 0 };
function nextTurn(): void {
  const now = cpuMs();
  if (turns.last > 0 && now - turns.last > turns.longest) {
    turns.longest = now - turns.last;
  }
  turns.last = now;
  setTimeout(nextTurn, 1);
}

const cpuBefore = process.cpuUsage();
const began = performance.now();
const started = Array.from({ length: runs }, () => runner.start(agent, question).done());
setTimeout(nextTurn, 1);
const views = await Promise.all(started);
const seconds = (performance.now() - began) / 1_000;
const { user, system } = process.cpuUsage(cpuBefore);
const cost: StoreCost = {
  runsPerSecond: runs / seconds,
  blockedMs: turns.longest,
  callMs: longestCall,
  cpuMs: (user + system) / 1_000,
  failed: views.filter((view) => view.status !== 'completed').length,
};
console.log(JSON.stringify(cost));
await runner.close();
await rm(folder, { recursive: true, force: true });
process.exit();
