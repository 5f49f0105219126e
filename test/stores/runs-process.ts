/**
 * One of several processes that drive runs on one SQLite file, with the machine's clock and the default settings, or on
 * one schema of a PostgreSQL database.
 * Arguments: the file, or the connection string with the schema as its fragment; the URL of the API; the file that
 * executions are written to; then
 *
 * - `drive COUNT BLOCKED_MS`: starts COUNT runs, and blocks its event loop when all of them wait
 * - `watch`: starts none
 *
 * Both call `resumeAll()` repeatedly. Prints `driving`, `blocking`, `awake`, and `known N` after each `resumeAll()`.
 */
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRunner, defineAgent, fetchClient, type Run, tool } from '@longhaul/core';
import { type PostgresStore, postgresStore } from '@longhaul/core/store/postgres';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { Pool } from 'pg';
import { PooledFetch } from '../bench/pooled-fetch.ts';

const [path = '', baseURL = '', executionsFile = '', command = '', count = '0', blockedMs = '0'] =
  process.argv.slice(2);
const resumeEveryMs = 1_000;

const note = tool({
  name: 'note',
  parameters: {
    jsonSchema: { type: 'object', properties: {}, required: [], additionalProperties: false },
  },
  execute: (_args, { runId }) => appendFileSync(executionsFile, `${runId}\n`),
});
const agent = defineAgent({ name: 'noting', model: 'gpt-6-astra', tools: [note] });

const pool = new PooledFetch();
pool.gate.resolve();
const store = path.startsWith('postgres:') ? openPostgres() : sqliteStore({ path, busyTimeoutMs: 5_000 });
const client = fetchClient({ baseURL, fetch: pool.fetch });
const runner = createRunner({ client, store, agents: [agent], mode: 'poll' });

function openPostgres(): PostgresStore {
  const { href, hash } = new URL(path);
  const database = new Pool({ connectionString: href.replace(hash, '') });
  return postgresStore({ database, schema: hash.slice(1) });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function resumeNowAndThen(): Promise<never> {
  for (;;) {
    await runner.resumeAll();
    say(`known ${runner.runs.filter((run) => run.view.status !== 'completed').length}`);
    await sleep(resumeEveryMs);
  }
}

async function drive(): Promise<void> {
  const runs = Array.from({ length: Number(count) }, (_, index) =>
    runner.start(agent, 'Note it.', { runId: `run-${index}` }),
  );
  // Waits for each job, because a create that is in flight when the process is killed would be sent again.
  const hasJob = (run: Run): boolean => typeof run.view.iterations.at(-1)?.responseId === 'string';
  while (!runs.every(hasJob)) await sleep(50);
  say('driving');
  if (Number(blockedMs) === 0) return;
  await sleep(500);
  say('blocking');
  // The output must be written before the event loop is blocked.
  await sleep(50);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(blockedMs));
  say('awake');
}

if (command === 'drive') await drive();
await resumeNowAndThen();
