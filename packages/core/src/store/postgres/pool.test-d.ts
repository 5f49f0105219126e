import { type Client, Pool, type PoolClient } from 'pg';
import { expectTypeOf, test } from 'vitest';
import { type PostgresStoreOptions, postgresStore } from '../postgres.ts';
import type { ListenClient } from './notices/listen-client.ts';
import type { PostgresClient, PostgresPool } from './pool.ts';

test('a Pool of `pg`, its clients and a Client have the types that the store uses', () => {
  expectTypeOf<Pool>().toExtend<PostgresPool>();
  expectTypeOf<PoolClient>().toExtend<PostgresClient>();
  expectTypeOf<Client>().toExtend<ListenClient>();
  expectTypeOf(postgresStore).toBeCallableWith({ database: new Pool(), schema: 'longhaul' });
  expectTypeOf<{ database: Pool }>().toExtend<PostgresStoreOptions>();
  expectTypeOf<{ database: Client }>().not.toExtend<PostgresStoreOptions>();
});
