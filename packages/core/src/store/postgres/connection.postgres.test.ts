import { expect, test } from 'vitest';
import { usePostgres } from '../../../test-support/postgres/postgres-database.ts';
import { StoreError } from '../../errors/store-error.ts';
import { connection } from './connection.ts';

const { newPool } = usePostgres();

test('a transaction whose process was suspended ends, so that its locks do not stop the others', async () => {
  const { transaction, query } = connection(newPool(), 'public', async () => undefined);
  const lock = "pg_advisory_xact_lock(hashtext('suspended'))";
  const held = Promise.withResolvers<void>();
  const suspended = Promise.withResolvers<void>();
  const first = transaction('hold a lock', async (ask) => {
    await ask(`SELECT ${lock}`);
    held.resolve();
    await suspended.promise;
    await ask('SELECT 1');
  });
  await held.promise;
  // Waits for the lock, until the server has ended the first transaction.
  await query('take the lock', `SELECT ${lock}`);
  suspended.resolve();
  await expect(first).rejects.toSatisfy(
    (error) => StoreError.isInstance(error) && error.code === 'unavailable',
  );
});

test('the time limit of a transaction does not stay with its connection', async () => {
  const pool = newPool({ max: 1 });
  const { transaction, query } = connection(pool, 'public', async () => undefined);
  const show = 'SHOW idle_in_transaction_session_timeout';
  const inside = await transaction('show the limit', (ask) => ask(show));
  expect(inside).toEqual([{ idle_in_transaction_session_timeout: '5s' }]);
  expect(await query('show the limit', show)).toEqual([{ idle_in_transaction_session_timeout: '0' }]);
});
