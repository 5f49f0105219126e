import { describe, expect, test } from 'vitest';
import { deleteRows, usePostgres } from '../../test-support/postgres/postgres-database.ts';
import { runStoreConformance } from '../testing/store-conformance.ts';
import { noticesOf } from './postgres/store-connection.ts';
import { type PostgresStore, postgresStore } from './postgres.ts';

const { newPool, newSchema } = usePostgres();

describe('the requirements for a store', () => {
  const pool = newPool();
  const schema = newSchema();
  const opened = new Set<PostgresStore>();
  let lastName = '';
  const cases = runStoreConformance({
    open: async (name) => {
      const store = postgresStore({ database: pool, schema });
      opened.add(store);
      // Emptying the tables is faster than creating them again for each case.
      if (name !== lastName) await deleteRows(pool, schema);
      lastName = name;
      store.watch(() => undefined);
      await noticesOf(store)?.listening();
      return store;
    },
    close: async () => {
      for (const store of opened) await store.close();
      opened.clear();
    },
    omit: ['expiry'],
  });

  test.each(cases)('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});
