import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import pg, { type Pool } from 'pg';
import { afterEach, expect, test } from 'vitest';
import { usePostgres } from '../../../../test-support/postgres/postgres-database.ts';
import { sampleChange } from '../../../testing/conformance/sample-run.ts';
import type { RunNotice } from '../../run-store.ts';
import { type PostgresStore, postgresStore, type PostgresStoreOptions } from '../../postgres.ts';
import type { LiveChannel } from '../live-channel.ts';
import { noticesOf } from '../store-connection.ts';
import { channelOf } from './store-notices.ts';

const { newPool, newSchema } = usePostgres();
const database = newPool();
const opened = new Set<PostgresStore>();
afterEach(async () => {
  for (const store of opened) await store.close();
  opened.clear();
});

function openStore(options: Partial<PostgresStoreOptions> = {}): PostgresStore {
  const store = postgresStore({ database, schema: newSchema(), ...options });
  opened.add(store);
  return store;
}

/** The notices that a store receives from now on. */
async function collect(store: PostgresStore): Promise<RunNotice[]> {
  const notices: RunNotice[] = [];
  store.watch((notice) => notices.push(notice));
  await noticesOf(store)?.listening();
  return notices;
}

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await sleep(10);
}

function live(message: unknown, runId = 'run-1'): RunNotice {
  return JSON.parse(JSON.stringify({ type: 'live', runId, message }));
}

/** Two stores on one schema, each with a Pool of its own, as in two processes. */
function openTwo(options: Partial<PostgresStoreOptions> = {}): readonly [PostgresStore, PostgresStore] {
  const store = openStore(options);
  return [store, openStore({ database: newPool(), ...options, schema: store.schema })];
}

test('a store is notified of what another one saves, posts, releases and deletes', async () => {
  const [store, other] = openTwo();
  const notices = await collect(store);
  await other.commit(sampleChange());
  await until(() => notices.length === 1);
  await other.post('run-1', 1);
  await other.claim('run-1', 'a', 60_000);
  await other.release('run-1', 'a');
  await until(() => notices.length === 3);
  await other.delete('run-1');
  await until(() => notices.length === 4);
  expect(notices).toEqual(['saved', 'posted', 'released', 'saved'].map((type) => ({ type, runId: 'run-1' })));
});

test('each store receives all messages of the others in order, and its own once', async () => {
  const [one, other] = openTwo();
  const [here, there] = [await collect(one), await collect(other)];
  const texts = Array.from({ length: 200 }, (_, n) => `${n} ${'text '.repeat(n % 7)}`);
  for (const [n, text] of texts.entries()) {
    one.publish('run-1', text);
    other.publish('run-2', text);
    if (n % 20 === 0) await sleep(1);
  }
  await until(() => here.length >= 400 && there.length >= 400);
  for (const notices of [here, there]) {
    expect(notices).toHaveLength(400);
    for (const runId of ['run-1', 'run-2'])
      expect(notices.filter((notice) => notice.runId === runId)).toEqual(
        texts.map((text) => live(text, runId)),
      );
  }
});

test('messages of any size and with any characters arrive unchanged', async () => {
  const [store, other] = openTwo();
  const notices = await collect(store);
  const messages = [
    'x'.repeat(300_000),
    '漢🏃'.repeat(5_000),
    'a\u0000b \ud800 \n "\'\\ $1',
    { deep: [null, {}] },
  ];
  for (const message of messages) other.publish('\u0000\ud800', message);
  await until(() => notices.length === messages.length);
  expect(notices).toEqual(messages.map((message) => live(message, '\u0000\ud800')));
});

test('no message is larger than 2,400 bytes', async () => {
  const [store, other] = openTwo();
  await collect(store);
  const client = await newPool().connect();
  const sent: number[] = [];
  client.on('notification', ({ payload = '' }) => sent.push(Buffer.byteLength(payload)));
  await client.query(`LISTEN "${channelOf(store.schema)}"`);
  for (let n = 0; n < 40; n += 1) other.publish('run-1', 'é'.repeat(1_000));
  await until(() => sent.length >= 40);
  client.release(true);
  expect(Math.max(...sent)).toBeLessThanOrEqual(2_400);
});

/** The number of connections that listen for a schema. */
async function connections(schema: string): Promise<number> {
  const { rows } = await database.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = $1',
    [channelOf(schema)],
  );
  return rows[0]?.n ?? 0;
}

test('only a store that watches has a connection that listens, and any store sends notices', async () => {
  const [store, other] = openTwo();
  await other.list();
  expect(await connections(store.schema)).toBe(0);
  const notices = await collect(store);
  await other.post('run-1', 1);
  await until(() => notices.length === 1);
  expect(await connections(store.schema)).toBe(1);
  await store.close();
  while ((await connections(store.schema)) > 0) await sleep(20);
});

test('a closed store sends and receives nothing more, its last notices arrive, and its Pool stays open', async () => {
  const [store, other] = openTwo();
  const notices = await collect(store);
  const others = await collect(other);
  for (let n = 0; n < 20; n += 1) other.publish('run-1', 'x'.repeat(2_000));
  await other.close();
  await other.close();
  await until(() => notices.length === 20);
  other.publish('run-1', 'late');
  store.publish('run-1', 'unheard');
  await other.commit(sampleChange());
  expect(await store.load('run-1')).toMatchObject({ head: { revision: 1 } });
  await store.close();
  expect(notices).toHaveLength(21);
  expect(others).toHaveLength(20);
});

test('a liveChannel replaces LISTEN and NOTIFY', async () => {
  const listeners = new Set<(message: string) => void>();
  const texts: string[] = [];
  const liveChannel: LiveChannel = {
    publish: (message) => {
      texts.push(message);
      for (const listener of listeners) listener(message);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const [store, other] = openTwo({ liveChannel });
  const [here, there] = [await collect(store), await collect(other)];
  const message = 'x'.repeat(50_000);
  other.publish('run-1', message);
  await other.commit(sampleChange());
  await until(() => here.length === 2);
  expect(here).toContainEqual(live(message));
  expect(there).toHaveLength(2);
  expect(Math.max(...texts.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(2_400);
  expect(await connections(store.schema)).toBe(0);
  await store.close();
  expect(listeners.size).toBe(1);
});

test('a liveChannel that fails causes one warning, and the calls of the store succeed', async () => {
  const liveChannel: LiveChannel = {
    publish: () => {
      throw new Error('The channel is broken.');
    },
    subscribe: () => () => undefined,
  };
  const store = openStore({ liveChannel });
  const warned = once(process, 'warning');
  await store.commit(sampleChange());
  expect((await warned)[0]).toMatchObject({ message: expect.stringContaining('The channel is broken.') });
  store.publish('run-1', 1);
  await store.post('run-1', 1);
  await store.close();
});

/** A Pool whose clients receive no notifications, as behind a pooler that shares connections between clients. */
function deafPool(): Pool {
  class DeafClient extends pg.Client {
    override emit(event: string, ...values: unknown[]): boolean {
      return event !== 'notification' && super.emit(event, ...values);
    }
  }
  return newPool({ Client: DeafClient });
}

test('without LISTEN, a store warns, and queries the changes of the runs that it has read', async () => {
  const warned = once(process, 'warning');
  const [store, other] = openTwo({ directDatabase: deafPool() });
  const notices: RunNotice[] = [];
  store.watch((notice) => notices.push(notice));
  await other.commit(sampleChange());
  await other.claim('run-1', 'a', 60_000);
  await store.load('run-1');
  await until(() => notices.some(({ type }) => type === 'saved'));
  notices.length = 0;
  await other.commit(sampleChange({ revision: 2 }));
  await other.post('run-1', 1);
  await other.release('run-1', 'a');
  await until(() => new Set(notices.map(({ type }) => type)).size === 3);
  expect(new Set(notices.map(({ runId }) => runId))).toEqual(new Set(['run-1']));
  expect((await warned)[0]).toMatchObject({ message: expect.stringContaining('directDatabase') });
});
