import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DatabaseServer,
  startDatabaseServer,
} from '../../../apps/demo/server/postgres/database-server.ts';

/** A PostgreSQL server of a test. `close` deletes its data. */
export type PostgresServer = DatabaseServer;

/** Nothing is written twice, because the data is not needed after the tests. */
const settings = [
  'wal_level=minimal',
  'max_wal_senders=0',
  'autovacuum=off',
  'max_connections=200',
  'log_min_messages=log',
];

/** Starts a PostgreSQL server with empty data. It ends when this process ends, even if this process is killed. */
export async function startPostgres(): Promise<PostgresServer> {
  return await startDatabaseServer({
    folder: mkdtempSync(join(tmpdir(), 'longhaul-postgres-')),
    isTemporary: true,
    settings,
  });
}
