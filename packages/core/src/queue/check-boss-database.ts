import type { PgBoss } from 'pg-boss';
import { ConfigurationError } from '../errors/configuration-error.ts';
import type { WakeStore } from '../store/wake-store.ts';

/**
 * Checks that a pg-boss uses the database of the store: a run and its wake are saved in one transaction.
 *
 * @throws ConfigurationError
 */
export async function checkBossDatabase(boss: PgBoss, wakes: WakeStore): Promise<void> {
  const key = Math.floor(Math.random() * 2 ** 31);
  // A lock of the store's database is visible only to connections of that database.
  const isSame = await wakes.withLock(key, async () => {
    const text = 'SELECT pg_try_advisory_xact_lock($1, 0)::text AS free';
    const { rows } = await boss.getDb().executeSql(text, [key]);
    return String(Object(rows[0]).free) === 'false';
  });
  if (isSame) return;
  throw new ConfigurationError(
    '`boss` must be a pg-boss on the database of `store`: a run and its wake are saved in one transaction.',
    { option: 'boss' },
  );
}
