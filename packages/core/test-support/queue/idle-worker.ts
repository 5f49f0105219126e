// A process with a worker that has no agents, on the database and the schema of its arguments. It finds the jobs of dead
// workers. It ends with its standard input.
import process from 'node:process';
import { Pool } from 'pg';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { createWorker } from '../../src/queue/create-worker.ts';
import { postgresStore } from '../../src/store/postgres.ts';

const [, , connectionString, schema = ''] = process.argv;
const store = postgresStore({ database: new Pool({ connectionString }), schema });
const worker = createWorker({ client: fetchClient({ baseURL: 'http://api.test/v1' }), store });
await worker.start();
console.log('started');
process.stdin.on('end', () => process.exit()).resume();
