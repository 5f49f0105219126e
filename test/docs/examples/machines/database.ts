import process from 'node:process';
import { postgresStore } from '@longhaul/core/store/postgres';
import { Pool } from 'pg';

const database = new Pool({
  connectionString: process.env['DATABASE_URL'],
  max: 20,
  connectionTimeoutMillis: 5_000, // without it, pg waits forever for a server that does not answer
  keepAlive: true,
});
export const store = postgresStore({ database }); // creates its tables at the first use
