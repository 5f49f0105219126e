/**
 * A worker of the benchmarks. Arguments: the URL of the database, the schema, the URL of the API, and its
 * {@link WorkerSettings} as JSON. Without a URL, the API is in this process, and each GET is printed: the id of the
 * response, and the time. Prints `started` when it fetches runs.
 */
import process from 'node:process';
import { Pool } from 'pg';
import { fetchClient } from '@longhaul/core';
import { createWorker } from '@longhaul/core/queue';
import { postgresStore } from '@longhaul/core/store/postgres';
import { wallTime } from '../lengths.ts';
import { agent } from './bench-agent.ts';
import { memoryApi } from './memory-api.ts';
import { reportMemory } from './report-memory.ts';

export interface WorkerSettings {
  readonly slots?: number;
  readonly parkAfterMs?: number;
  /** The time between two polls, in milliseconds. */
  readonly pollMs: number;
  readonly mode?: 'poll' | 'auto';
}

reportMemory();
const [connectionString = '', schema = '', apiURL = '', settings = '{}'] = process.argv.slice(2);
const { slots = 100, parkAfterMs = 5_000, pollMs, mode = 'poll' }: WorkerSettings = JSON.parse(settings);
const { client } =
  apiURL === ''
    ? memoryApi((responseId) => process.stdout.write(`${responseId} ${wallTime()}\n`))
    : { client: fetchClient({ baseURL: apiURL, apiKey: 'bench' }) };
const store = postgresStore({ database: new Pool({ connectionString, max: 10 }), schema });
const polling = { minMs: pollMs, maxMs: pollMs };
const worker = createWorker({ client, agents: [agent], store, mode, polling, slots, parkAfterMs });
await worker.start();
process.stdout.write('started\n');
