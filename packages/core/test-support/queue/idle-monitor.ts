// A process that finds the jobs of dead workers, on the database and the schema of its arguments, and does not drive
// runs. It ends with its standard input.
import process from 'node:process';
import { Pool } from 'pg';
import { ownBoss } from '../../src/queue/own-boss.ts';
import { postgresStore } from '../../src/store/postgres.ts';

const [, , connectionString, schema = ''] = process.argv;
const store = postgresStore({ database: new Pool({ connectionString }), schema });
await ownBoss(store, true, () => undefined).start();
console.log('started');
process.stdin.on('end', () => process.exit()).resume();
