import type { PgBoss } from 'pg-boss';
import { ConfigurationError } from '../errors/configuration-error.ts';
import type { JobTable } from '../store/wake-store.ts';
import { queueName } from './wake-queue.ts';

/**
 * The table of jobs of a pg-boss of the caller. pg-boss does not say its schema, but its statements contain it. The queue
 * must exist.
 *
 * @throws ConfigurationError
 */
export async function jobTableOf(boss: PgBoss): Promise<JobTable> {
  let statement = '';
  const db = {
    executeSql: async (text: string) => {
      statement = text;
      return { rows: [] };
    },
  };
  await boss.getJobById(queueName, crypto.randomUUID(), { db });
  const [, schema] = /\bFROM\s+("(?:[^"]|"")+"|[^\s".]+)\./i.exec(statement) ?? [];
  if (schema !== undefined) return { table: `${schema}.job`, queue: queueName };
  throw new ConfigurationError(
    'The schema of `boss` was not found in its statements. Use pg-boss 12, or omit `boss`.',
    { option: 'boss' },
  );
}
