import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { createRunner, defineAgent, fetchClient, type RunNotice } from '@longhaul/core';
import { type PostgresStore, postgresStore } from '@longhaul/core/store/postgres';
import { createEmulator } from '@longhaul/core/testing';
import { Pool, type PoolConfig } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sampleChange } from '../../packages/core/src/testing/conformance/sample-run.ts';
import { noticesOf } from '../../packages/core/src/store/postgres/store-connection.ts';
import { hasPrograms } from '../support/postgres/programs.ts';
import { type PostgresServer, startPostgres } from '../support/postgres/server.ts';

/** The server of these tests is their own, because they stop it. */
describe.skipIf(!hasPrograms())('a PostgreSQL server that fails', () => {
  let server: PostgresServer;
  const pools: Pool[] = [];
  const stores: PostgresStore[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    for (const pool of pools.splice(0)) await pool.end();
  });
  afterAll(() => server.close());

  function newPool(options: PoolConfig = {}): Pool {
    const pool = new Pool({ connectionString: server.url, max: 4, ...options });
    pools.push(pool);
    return pool;
  }

  function openStore(schema: string, options: PoolConfig = {}): PostgresStore {
    const store = postgresStore({ database: newPool(options), schema });
    stores.push(store);
    return store;
  }

  async function collect(store: PostgresStore): Promise<RunNotice[]> {
    const notices: RunNotice[] = [];
    store.watch((notice) => notices.push(notice));
    await noticesOf(store)?.listening();
    return notices;
  }

  async function until(reached: () => boolean): Promise<void> {
    while (!reached()) await sleep(20);
  }

  /** Repeats a call while the store is unavailable. Any other error fails the test. */
  async function patiently<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        expect(error).toMatchObject({ name: 'StoreError', code: 'unavailable' });
        await sleep(50);
      }
    }
  }

  /** Ends all other connections to the server. */
  async function terminateOthers(): Promise<void> {
    const admin = new Pool({ connectionString: server.url, max: 1 });
    await admin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = $1',
      ['client backend'],
    );
    await admin.end();
  }

  test('after all connections were ended, calls succeed and notices arrive again', async () => {
    const [store, other] = [openStore('ended'), openStore('ended')];
    const notices = await collect(store);
    await store.commit(sampleChange());
    await store.load('run-1');
    await terminateOthers();
    await patiently(() => other.commit(sampleChange({ revision: 2 })));
    // The save above was perhaps not reported, but the store queries the run when it listens again.
    await until(() => notices.filter(({ type }) => type === 'saved').length >= 2);
    await noticesOf(store)?.listening();
    notices.length = 0;
    other.publish('run-2', 'again');
    await until(() => notices.some(({ type }) => type === 'live'));
    expect(await patiently(() => store.load('run-1'))).toMatchObject({ head: { revision: 2 } });
  });

  test('while the server is down calls are `unavailable`; after a crash the saved runs are there, and notices arrive', async () => {
    const [store, other] = [openStore('crashed'), openStore('crashed')];
    const notices = await collect(store);
    await store.commit(sampleChange());
    await store.claim('run-1', 'a', 600_000);
    await store.look(['run-1']);
    await server.stop('immediate');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(store.load('run-1')).rejects.toMatchObject({ code: 'unavailable' });
      await expect(other.commit(sampleChange({ revision: 2 }))).rejects.toMatchObject({
        code: 'unavailable',
      });
    }
    await server.start();
    await patiently(() => other.commit(sampleChange({ revision: 2 })));
    await patiently(() => other.post('run-1', 1));
    await noticesOf(store)?.listening();
    await until(() => notices.some(({ type }) => type === 'posted'));
    expect(await patiently(() => store.load('run-1'))).toMatchObject({ head: { revision: 2 } });
    expect(await patiently(() => store.claim('run-1', 'b', 600_000))).toBe(false);
  });

  test('a run that is driven during a restart of the server completes, with one create', async () => {
    const emulator = createEmulator({ script: [{ text: 'Done.' }], queuedMs: 0, runMs: 0 });
    emulator.holdQueue();
    const client = fetchClient({ baseURL: 'http://emulator.test/v1', fetch: emulator.fetch });
    const agent = defineAgent({ name: 'patient', model: 'gpt-6-astra' });
    const runner = createRunner({ client, agents: [agent], store: openStore('driven'), mode: 'poll' });
    const run = runner.start(agent, 'Wait.');
    await until(() => typeof run.view.iterations.at(-1)?.responseId === 'string');
    await server.stop('immediate');
    emulator.releaseQueue();
    await sleep(500);
    await server.start();
    expect(await run.result()).toMatchObject({ text: 'Done.' });
    expect(emulator.generations).toBe(1);
    await runner.close();
  });

  test('a statement that takes too long is `unavailable`, and the next one succeeds', async () => {
    const store = openStore('slow', { statement_timeout: 200 });
    await store.commit(sampleChange());
    const client = await newPool().connect();
    await client.query('BEGIN');
    await client.query('SELECT * FROM slow.runs FOR UPDATE');
    await expect(store.commit(sampleChange({ revision: 2 }))).rejects.toMatchObject({ code: 'unavailable' });
    await expect(store.delete('run-1')).rejects.toMatchObject({ code: 'unavailable' });
    await client.query('ROLLBACK');
    client.release();
    await store.commit(sampleChange({ revision: 2 }));
    await store.delete('run-1');
    expect(await store.load('run-1')).toBeUndefined();
  });

  test('no error and no warning contains the password', async () => {
    const password = 'open-sesame-42';
    const warnings: unknown[] = [];
    const collectWarning = (warning: unknown): unknown => warnings.push(warning);
    process.on('warning', collectWarning);
    const url = new URL(server.url);
    url.password = password;
    const store = openStore('secret', { connectionString: url.href, connectionTimeoutMillis: 2_000 });
    const notices = await collect(store);
    await store.list();
    await server.stop('immediate');
    const errors: unknown[] = [];
    for (const call of [() => store.list(), () => store.delete('run-1'), () => store.commit(sampleChange())])
      await call().catch((error: unknown) => errors.push(error));
    store.publish('run-1', 1);
    await until(() => warnings.length >= 1);
    await server.start();
    process.off('warning', collectWarning);
    expect(errors).toHaveLength(3);
    const said = inspect([errors, warnings, notices], { depth: 20, showHidden: true });
    expect(said).not.toContain(password);
    expect(said).toContain('unavailable');
  });

  test('the error of a store whose Pool was ended names the Pool', async () => {
    const pool = new Pool({ connectionString: server.url });
    const store = postgresStore({ database: pool, schema: 'over' });
    await store.list();
    await pool.end();
    await expect(store.list()).rejects.toThrow('its Pool was ended');
    await store.close();
  });
});
