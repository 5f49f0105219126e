import { expect, test } from 'vitest';
import { usePostgres } from '../../../test-support/postgres/postgres-database.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import { SnapshotError } from '../../errors/snapshot-error.ts';
import { sampleChange } from '../../testing/conformance/sample-run.ts';
import { postgresStore } from '../postgres.ts';

const { newPool, newSchema } = usePostgres();
const database = newPool();

async function tablesOf(schema: string): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 ORDER BY 1',
    [schema],
  );
  return rows.map(({ name }) => name);
}

test('a store creates its tables with the first call, and nothing before it', async () => {
  const schema = newSchema();
  const store = postgresStore({ database, schema });
  expect(await tablesOf(schema)).toEqual([]);
  expect(await store.list()).toEqual([]);
  expect(await tablesOf(schema)).toContain('runs');
});

test('several processes may create the tables at the same time', async () => {
  const schema = newSchema();
  const stores = Array.from({ length: 4 }, () => postgresStore({ database: newPool({ max: 1 }), schema }));
  await Promise.all(stores.map((store, n) => store.commit(sampleChange({ runId: `run-${n}` }))));
  expect(await stores[0]?.list()).toHaveLength(4);
});

test('a newer schema is refused, and not changed', async () => {
  const schema = newSchema();
  await postgresStore({ database, schema }).commit(sampleChange());
  await database.query(`UPDATE "${schema}".migrations SET version = version + 1`);
  const store = postgresStore({ database, schema });
  for (const call of [store.load('run-1'), store.list(), store.commit(sampleChange({ revision: 2 }))]) {
    await expect(call).rejects.toThrow(SnapshotError);
    await expect(call).rejects.toMatchObject({
      code: 'newer_snapshot',
      message: expect.stringContaining(schema),
    });
  }
  // After a downgrade of the database, the same store works again.
  await database.query(`UPDATE "${schema}".migrations SET version = version - 1`);
  expect(await store.load('run-1')).toMatchObject({ head: { revision: 1 } });
});

test('a schema that is up to date needs no right to change it', async () => {
  const schema = newSchema();
  await postgresStore({ database, schema }).commit(sampleChange());
  const user = `user_${crypto.randomUUID().slice(0, 8)}`;
  await database.query(`CREATE ROLE ${user} LOGIN`);
  try {
    await database.query(`GRANT USAGE ON SCHEMA "${schema}" TO ${user}`);
    await database.query(
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "${schema}" TO ${user}`,
    );
    const store = postgresStore({ database: newPool({ options: `-c role=${user}` }), schema });
    await store.commit(sampleChange({ revision: 2, append: [{ n: 1 }] }));
    await store.post('run-1', 1);
    expect(await store.claim('run-1', 'a', 60_000)).toBe(true);
    expect(await store.load('run-1')).toMatchObject({ head: { revision: 2 } });
    await store.delete('run-1');
    await store.close();
  } finally {
    await database.query(`DROP OWNED BY ${user}`);
    await database.query(`DROP ROLE ${user}`);
  }
});

test('a migration that fails changes nothing, and the next call tries again', async () => {
  const schema = newSchema();
  // A table of another application stops the first step.
  await database.query(`CREATE SCHEMA "${schema}"`);
  await database.query(`CREATE TABLE "${schema}".inbox (note text)`);
  const store = postgresStore({ database, schema });
  await expect(store.list()).rejects.toThrow('already exists');
  expect(await tablesOf(schema)).toEqual(['inbox']);
  await database.query(`DROP TABLE "${schema}".inbox`);
  expect(await store.list()).toEqual([]);
});

test.each(['Läufe', 'a"b', 'a b', "a'b", 'select', 'x'.repeat(63)])(
  'the schema may have any name: %j',
  async (name) => {
    const schema = `${newSchema().slice(0, 8)}${name}`.slice(0, 60);
    try {
      const store = postgresStore({ database, schema });
      await store.commit(sampleChange());
      expect(await store.list()).toHaveLength(1);
      expect(await tablesOf(schema)).toContain('runs');
    } finally {
      await database.query(`DROP SCHEMA "${schema.replaceAll('"', '""')}" CASCADE`);
    }
  },
);

test.each(['', 'pg_mine', 'x'.repeat(64), 'é'.repeat(32), 'a\u0000', '\ud800', 7])(
  'a name that PostgreSQL would refuse or change is rejected: %j',
  (schema) => {
    const options = JSON.parse(JSON.stringify({ schema }));
    expect(() => postgresStore({ database, ...options })).toThrow(ConfigurationError);
  },
);

test.each([
  [{ database: undefined }, 'database'],
  [{ database: 'postgres://localhost' }, 'database'],
  [{ database, directDatabase: {} }, 'directDatabase'],
  [{ database, liveChannel: {} }, 'liveChannel'],
  [{ database, path: 'runs.db' }, 'path'],
])('invalid options are rejected: %#', (options, name) => {
  const open = (): unknown => Reflect.apply(postgresStore, undefined, [options]);
  expect(open).toThrow(expect.objectContaining({ option: name }));
});
