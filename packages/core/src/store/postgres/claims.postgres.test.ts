import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { deleteRows, usePostgres } from '../../../test-support/postgres/postgres-database.ts';
import { sampleChange } from '../../testing/conformance/sample-run.ts';
import { type PostgresStore, postgresStore } from '../postgres.ts';
import { connectionOf } from './store-connection.ts';

const { newPool, newSchema } = usePostgres();
const database = newPool();
/** A claim that expires while the test waits. */
const shortMs = 400;
const longMs = 600_000;

const schema = newSchema();
const opened: PostgresStore[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

/** An empty store. Emptying its tables is faster than creating others. */
async function newStore(): Promise<PostgresStore> {
  await deleteRows(database, schema);
  const store = postgresStore({ database, schema });
  opened.push(store);
  return store;
}

/** Waits until the claim is free, and takes it. */
async function takeOver(store: PostgresStore, runId: string, owner: string): Promise<void> {
  while (!(await store.claim(runId, owner, longMs))) await sleep(20);
}

/** How long the claim of a run still holds by the database's clock, in milliseconds. */
async function leftMs(store: PostgresStore, runId: string): Promise<number> {
  const { rows } = await database.query<{ ms: number }>(
    `SELECT extract(epoch FROM greatest(c.until, o.until) - clock_timestamp())::float8 * 1000 AS ms
     FROM "${store.schema}".claims AS c JOIN "${store.schema}".owners AS o USING (owner) WHERE run_id = $1`,
    [runId],
  );
  return rows[0]?.ms ?? Number.NaN;
}

test('a claim expires by the clock of the database, and its owner then loses it', async () => {
  const store = await newStore();
  await store.claim('run-1', 'a', shortMs);
  await takeOver(store, 'run-1', 'b');
  expect(await store.claim('run-1', 'a', shortMs)).toBe(false);
  await store.release('run-1', 'a');
  expect(await store.claim('run-1', 'c', shortMs)).toBe(false);
  expect(await store.renew('a', longMs)).toEqual([]);
  expect(await store.renew('b', longMs)).toEqual(['run-1']);
});

test('a refused claim writes nothing, and does not prolong the claim', async () => {
  const store = await newStore();
  await store.claim('run-1', 'a', longMs);
  const written = async (): Promise<unknown> =>
    (await database.query(`SELECT xmin, xmax, * FROM "${store.schema}".claims`)).rows;
  const before = await written();
  for (let asked = 0; asked < 5; asked += 1) expect(await store.claim('run-1', 'b', longMs)).toBe(false);
  expect(await written()).toEqual(before);
  expect((await database.query(`SELECT owner FROM "${store.schema}".owners`)).rows).toEqual([{ owner: 'a' }]);
});

test('a renewal prolongs all claims of the owner, and no other claim', async () => {
  const store = await newStore();
  for (const runId of ['run-1', 'run-2']) await store.claim(runId, 'a', shortMs);
  await store.claim('run-3', 'b', shortMs);
  expect((await store.renew('a', longMs)).toSorted()).toEqual(['run-1', 'run-2']);
  for (const runId of ['run-1', 'run-2']) expect(await leftMs(store, runId)).toBeGreaterThan(longMs / 2);
  expect(await leftMs(store, 'run-3')).toBeLessThanOrEqual(shortMs);
});

test('an expired claim does not count: not in `look`, and not in `undriven`', async () => {
  const store = await newStore();
  await store.commit(sampleChange());
  await store.claim('run-1', 'a', shortMs);
  expect((await store.look(['run-1']))[0]?.claimed).toBe(true);
  expect(await store.undriven(['agent-1'])).toEqual([]);
  while ((await store.look(['run-1']))[0]?.claimed === true) await sleep(20);
  expect(await store.undriven(['agent-1'])).toEqual([{ runId: 'run-1', agent: 'agent-1' }]);
});

test('a claim that has expired is reported as released, in every store that watches', async () => {
  await newStore();
  const stores = [postgresStore({ database, schema }), postgresStore({ database, schema })];
  const released = stores.map(
    (store) =>
      new Promise<string>((resolve) => {
        store.watch(({ type, runId }) => type === 'released' && resolve(runId));
      }),
  );
  await stores[0]?.claim('run-1', 'a', 1_500);
  expect(await Promise.all(released)).toEqual(['run-1', 'run-1']);
  for (const store of stores) await store.close();
});

test('exactly one of many processes gets a claim that has expired', async () => {
  const store = await newStore();
  const pools = Array.from({ length: 4 }, () => newPool({ max: 2 }));
  const rivals = pools.map((pool) => postgresStore({ database: pool, schema: store.schema }));
  for (let round = 0; round < 5; round += 1) {
    await store.claim('run-1', `dead-${round}`, 50);
    while ((await store.look(['run-1']))[0]?.claimed === true) await sleep(20);
    const owners = rivals.flatMap((rival, index) =>
      [0, 1].map((n) => [rival, `${round}-${index}-${n}`] as const),
    );
    const granted = await Promise.all(owners.map(([rival, owner]) => rival.claim('run-1', owner, longMs)));
    const winners = owners.filter((_, index) => granted[index] === true).map(([, owner]) => owner);
    expect(winners).toHaveLength(1);
    await store.release('run-1', winners[0] ?? '');
  }
});

test('a claim that another process takes in the same moment is refused', async () => {
  const store = await newStore();
  await store.claim('run-1', 'dead', 50);
  while ((await store.look(['run-1']))[0]?.claimed === true) await sleep(20);
  const client = await database.connect();
  await client.query('BEGIN');
  await client.query(`UPDATE "${store.schema}".claims SET owner = 'a', until = now() + interval '1 hour'`);
  const claim = store.claim('run-1', 'b', longMs);
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1`;
  while ((await database.query(waiting, [`%"${store.schema}".claims%`])).rows.length === 0) await sleep(20);
  await client.query('COMMIT');
  client.release();
  expect(await claim).toBe(false);
});

test('a run of the workers is never claimed: it looks claimed, and is not undriven', async () => {
  const store = await newStore();
  await store.commit(sampleChange());
  await connectionOf(store)?.query('queue', `UPDATE "${store.schema}".runs SET queued = true`);
  expect(await store.claim('run-1', 'a', longMs)).toBe(false);
  expect(await store.look(['run-1'])).toMatchObject([{ claimed: true, posted: false }]);
  expect(await store.undriven(['agent-1'])).toEqual([]);
});

test('`look`, `load` and `list` show that a run is halted, and a save does not store it', async () => {
  const store = await newStore();
  await store.commit(sampleChange());
  const { rows } = await database.query<{ since: number }>(
    `UPDATE "${store.schema}".runs SET halted_reason = 'No worker has its agent.', halted_since = now()
     RETURNING round(extract(epoch FROM halted_since) * 1000)::float8 AS since`,
  );
  const halted = { reason: 'No worker has its agent.', since: rows[0]?.since };
  const loaded = await store.load('run-1');
  expect(loaded?.head.halted).toEqual(halted);
  expect((await store.list())[0]?.halted).toEqual(halted);
  expect(await store.look(['run-1'])).toMatchObject([{ halted: true }]);
  const next = sampleChange({ revision: 2 });
  await store.commit({ ...next, head: { ...next.head, halted: { reason: 'old', since: 1 } } });
  await database.query(`UPDATE "${store.schema}".runs SET halted_reason = NULL, halted_since = NULL`);
  expect((await store.load('run-1'))?.head).toEqual(next.head);
  expect(await store.look(['run-1'])).toEqual([
    { runId: 'run-1', revision: 2, commitId: 'run-1/2', claimed: false, posted: false },
  ]);
});
