import type { PgBoss } from 'pg-boss';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { errorMessage } from '../errors/error-message.ts';
import { identityQuery } from '../store/postgres/database-identity.ts';
import type { WakeStore } from '../store/wake-store.ts';

/**
 * Checks that a pg-boss uses the database of the store: a run and its wake are saved in one transaction.
 *
 * @throws ConfigurationError
 */
export async function checkBossDatabase(boss: PgBoss, wakes: WakeStore): Promise<void> {
  if ((await identityOf(boss)) === (await wakes.identity())) return;
  throw new ConfigurationError(
    '`boss` must be a pg-boss on the database of `store`: a run and its wake are saved in one transaction.',
    { option: 'boss' },
  );
}

async function identityOf(boss: PgBoss): Promise<string> {
  try {
    const { rows } = await boss.getDb().executeSql(identityQuery, []);
    return String(Object(rows[0]).id);
  } catch (cause) {
    const message = `\`boss\` must be started, with \`await boss.start()\`, and reach its database: ${errorMessage(cause)}`;
    throw new ConfigurationError(message, { option: 'boss', cause });
  }
}
