import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { changePool, isSave } from '../../test-support/queue/broken-parts.ts';
import { usePostgres } from '../../test-support/postgres/postgres-database.ts';
import { defineAgent } from '../agent/define-agent.ts';
import { tool } from '../agent/tool.ts';
import { fetchClient } from '../client/fetch-client.ts';
import { postgresStore } from '../store/postgres.ts';
import { createEmulator, type Fault, type Iteration } from '../testing/index.ts';
import { createWorker } from './create-worker.ts';
import { queueRunner } from './queue-runner.ts';

const { newPool, newSchema } = usePostgres();

const pay = tool({
  name: 'pay',
  parameters: z.object({ amount: z.number() }),
  needsApproval: true,
  execute: ({ amount }) => `paid ${amount}`,
});
const agent = defineAgent({ name: 'payer', model: 'm', tools: [pay] });

/** A front and workers on one schema, and the API. */
function world(script: readonly Iteration[], faults: readonly Fault[] = []) {
  const emulator = createEmulator({ script, faults, queuedMs: 20, runMs: 50 });
  const schema = newSchema();
  const database = newPool();
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const polling = { minMs: 100, maxMs: 100 };
  const store = () => postgresStore({ database: newPool({ max: 6 }), schema });
  return {
    emulator,
    database,
    schema,
    front: () => queueRunner({ store: store(), agents: [agent] }),
    worker: (mode: 'poll' | 'auto' = 'poll', own = store()) =>
      createWorker({ client, agents: [agent], store: own, mode, polling }),
  };
}

test('a front starts a run, a worker drives it, and a decision of the front continues it', async () => {
  const { front, worker, database, schema } = world([
    { calls: [{ name: 'pay', arguments: { amount: 5 } }] },
    { text: 'Done.' },
  ]);
  const [here, there] = [front(), worker()];
  await there.start();
  const run = here.start(agent, 'Pay 5.');
  await expect.poll(() => run.view.status).toBe('requires_action');
  // A run that waits for a person has no job.
  const parked = (): Promise<unknown> =>
    database
      .query(`SELECT wake_at::text AS wake_at FROM "${schema}".runs`)
      .then(({ rows }) => rows.map((row: { wake_at: unknown }) => row.wake_at));
  await expect.poll(parked).toEqual(['infinity']);
  await run.approve(run.view.toolCalls[0]?.callId ?? '');
  expect((await run.result()).text).toBe('Done.');
  await there.close();
  await here.close();
});

/** A run that a person has approved, and whose next two creates have no answer. */
async function approvedWithTwoLostCreates() {
  const script = [{ calls: [{ name: 'pay', arguments: { amount: 5 } }] }, { text: 'Paid.' }];
  const { front, worker, emulator } = world(script, [{ fault: 'reset', iteration: 1, times: 2 }]);
  const [here, there] = [front(), worker()];
  await there.start();
  const run = here.start(agent, 'Pay 5.');
  await expect.poll(() => run.view.status).toBe('requires_action');
  await run.approve(run.view.toolCalls[0]?.callId ?? '');
  return { here, there, run, emulator };
}

test('a run that needs a person to continue is halted, shows why, and continues when it is resumed', async () => {
  const { here, there, run, emulator } = await approvedWithTwoLostCreates();
  await expect.poll(() => run.view.halted?.reason).toBe('unknown_create');
  expect(run.view.driver).toBe('elsewhere');
  const [listed] = await here.list();
  expect(listed?.halted).toEqual(run.view.halted);
  const creates = emulator.requests.filter(({ method }) => method === 'POST').length;
  await here.resume(agent, run.id);
  expect((await run.result()).text).toBe('Paid.');
  expect(run.view.halted).toBeUndefined();
  expect(emulator.requests.filter(({ method }) => method === 'POST')).toHaveLength(creates + 1);
  await there.close();
  await here.close();
});

test('a halted run can be cancelled without being resumed', async () => {
  const { here, there, run, emulator } = await approvedWithTwoLostCreates();
  await expect.poll(() => run.view.halted?.reason).toBe('unknown_create');
  const creates = emulator.requests.length;
  expect(await run.cancel()).toMatchObject({ status: 'cancelled' });
  expect(run.view.halted).toBeUndefined();
  expect(emulator.requests).toHaveLength(creates);
  await there.close();
  await here.close();
});

test('the text of the response after a decision streams to a front that has followed the run before', async () => {
  const script = [
    { calls: [{ name: 'pay', arguments: { amount: 5 } }] },
    { text: 'One two three four five six.', runMs: 1_500 },
  ];
  const { front, worker } = world(script);
  const [here, there] = [front(), worker('auto')];
  await there.start();
  const run = here.start(agent, 'Pay 5.', { watched: true });
  const texts = new Set<string>();
  run.subscribe(() => texts.add(run.view.text));
  await expect.poll(() => run.view.status).toBe('requires_action');
  await run.approve(run.view.toolCalls[0]?.callId ?? '');
  expect((await run.result()).text).toBe('One two three four five six.');
  expect(run.view.toolCalls).toMatchObject([{ status: 'completed' }]);
  expect(texts.size).toBeGreaterThan(3);
  await there.close();
  await here.close();
});

test('a watched run streams, and its text arrives at a front that follows it; an unwatched run polls', async () => {
  const { front, worker, emulator } = world([{ text: 'One two three four five six.', runMs: 1_500 }]);
  const [here, there, other] = [front(), worker('auto'), front()];
  await there.start();
  const unwatched = here.start(agent, 'Say it.');
  await unwatched.result();
  const watched = here.start(agent, 'Say it.', { watched: true });
  await watched.saved();
  const followed = await other.follow(watched.id);
  const texts = new Set<string>();
  followed.subscribe(() => texts.add(followed.view.text));
  expect((await followed.result()).text).toBe('One two three four five six.');
  expect(texts.size).toBeGreaterThan(1);
  const streams = emulator.requests.flatMap(({ method, body }) =>
    method === 'POST' ? [JSON.parse(JSON.stringify(body ?? {})).stream === true] : [],
  );
  expect(streams).toEqual([false, true]);
  await there.close();
  await Promise.all([here.close(), other.close()]);
});

/** A Pool whose next fetch of jobs reaches the database, but is answered only after `gate`. */
function lateFetch(gate: Promise<unknown>): { readonly pool: Pool; readonly fetched: Promise<void> } {
  const pool = newPool({ max: 6 });
  const fetched = Promise.withResolvers<void>();
  const query: (...given: unknown[]) => Promise<unknown> = pool.query.bind(pool);
  const late = async (...given: unknown[]): Promise<unknown> => {
    const result = await query(...given);
    const rows: unknown = Object(result).rows;
    const isFetch = Array.isArray(rows) && rows.some((row) => Object(row).data?.key !== undefined);
    if (!isFetch) return result;
    fetched.resolve();
    await gate;
    return result;
  };
  return { pool: Object.assign(pool, { query: late }), fetched: fetched.promise };
}

test('a worker that is closed while it fetches a run hands the run back, and does not halt it', async () => {
  const { front, worker, database, schema } = world([{ text: 'Done.' }]);
  const here = front();
  const run = here.start(agent, 'Say that you are done.');
  await run.saved();
  const gate = Promise.withResolvers<void>();
  const { pool, fetched } = lateFetch(gate.promise);
  const closing = worker('poll', postgresStore({ database: pool, schema }));
  await closing.start();
  await fetched;
  const closed = closing.close();
  gate.resolve();
  await closed;
  const { rows } = await database.query(
    `SELECT halted_reason, wake_at IS NOT NULL AS waits FROM "${schema}".runs`,
  );
  expect(rows).toEqual([{ halted_reason: null, waits: true }]);
  const next = worker();
  await next.start();
  expect((await run.result()).text).toBe('Done.');
  await next.close();
  await here.close();
});

test('a worker whose run was ended by another one completes its job, and does not halt the run', async () => {
  const { front, worker, database, schema } = world([{ text: 'Done.' }]);
  const here = front();
  const run = here.start(agent, 'Say that you are done.');
  await run.saved();
  // The first worker gets the run, and loses its job until another worker has ended the run.
  const [gate, reached] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const pool = changePool(newPool({ max: 6 }), {
    before: async (text) => {
      if (!isSave(text)) return;
      reached.resolve();
      await gate.promise;
    },
  });
  const late = worker('poll', postgresStore({ database: pool, schema }));
  await late.start();
  await reached.promise;
  const jobs = `"${schema}_pgboss".job`;
  await database.query(`CREATE TABLE "${schema}".kept AS SELECT * FROM ${jobs}`);
  await database.query(`DELETE FROM ${jobs}`);
  const other = worker();
  await other.start();
  expect((await run.result()).text).toBe('Done.');
  await other.close();
  await database.query(`DELETE FROM ${jobs}`);
  await database.query(`INSERT INTO ${jobs} SELECT * FROM "${schema}".kept`);
  gate.resolve();
  const states = async (): Promise<unknown[]> =>
    (await database.query(`SELECT state FROM ${jobs}`)).rows.map((row) => Object(row).state);
  await expect.poll(states).toEqual(['completed']);
  const { rows } = await database.query(`SELECT status, halted_reason, wake_at FROM "${schema}".runs`);
  expect(rows).toEqual([{ status: 'completed', halted_reason: null, wake_at: null }]);
  await late.close();
  await here.close();
});

test('a worker that is closed while it drains hands its runs back after the drain has ended', async () => {
  const { front, worker } = world([{ text: 'Done.', runMs: 2_000 }]);
  const here = front();
  const run = here.start(agent, 'Say that you are done.');
  await run.saved();
  const closing = worker();
  let isDraining = true;
  const drained = closing.drain({ maxMs: 3_600_000 }).finally(() => {
    isDraining = false;
  });
  await expect.poll(() => run.view.iterations.at(-1)?.responseId).toMatch(/^resp_/);
  await closing.close();
  expect(isDraining).toBe(false);
  await drained;
  const next = worker();
  await next.drain();
  expect((await run.result()).text).toBe('Done.');
  await next.close();
  await here.close();
});
