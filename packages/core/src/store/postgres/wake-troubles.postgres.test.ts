import type { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { usePostgres } from '../../../test-support/postgres/postgres-database.ts';
import { sampleChange } from '../../testing/conformance/sample-run.ts';
import { postgresStore } from '../postgres.ts';
import type { SendWakes, WakeStore } from '../wake-store.ts';
import { wakeStoreOf } from './wake-store.ts';

const { newPool, newSchema } = usePostgres();
const job = { id: 'job', retryCount: 0 };
const allCompleted = async (_database: unknown, jobs: readonly unknown[]): Promise<number> => jobs.length;

/** A store with a table of jobs, which a test fills. `sent`: the wakes. */
async function world() {
  const schema = newSchema();
  const pool: Pool = newPool();
  const store = postgresStore({ database: pool, schema });
  onTestFinished(() => store.close());
  await store.list();
  const columns =
    'name text, singleton_key text, state text, policy text, blocked boolean, start_after timestamptz';
  await pool.query(`CREATE TABLE "${schema}".job (${columns})`);
  const sent: string[] = [];
  const send: SendWakes = async (_database, all) => void sent.push(...all.map(({ key }) => key));
  const wakes: WakeStore | undefined = wakeStoreOf(store);
  if (wakes === undefined) throw new Error('The store has no queue.');
  const jobs = { table: `"${schema}".job`, queue: 'longhaul' };
  const runs = async (): Promise<unknown> =>
    (
      await pool.query(`SELECT run_id AS id, wake_at::text AS wake, halted_reason AS halted, resume_manual AS manual
       FROM "${schema}".runs ORDER BY run_id`)
    ).rows;
  return { schema, pool, store, wakes, jobs, sent, send, runs };
}

/** Runs that are due, one after the other; the owner of each is `ownerOf` of its number, as SQL. */
async function fillWithDueRuns(pool: Pool, schema: string, count: number, ownerOf: string): Promise<void> {
  await pool.query(
    `INSERT INTO "${schema}".runs (run_id, agent, owner, thread_id, is_retry, status, status_group, created_at, updated_at,
       revision, commit_id, iteration, item_count, queued, wake_at, head)
     SELECT 'run-' || n, 'a', ${ownerOf}, 'run-' || n, false, 'in_progress', 'in_progress', n, n, 1, 'c', 0, 0, true,
       now() - interval '1 hour' + n * interval '1 millisecond', '{}' FROM generate_series(1, ${count}) AS n`,
  );
}

test('a run is parked for a person only if it waits for one, so that no run in progress waits forever', async () => {
  const { wakes, send, runs } = await world();
  await wakes.start(sampleChange({ runId: 'busy', status: 'in_progress' }), 0, send);
  const park = { type: 'park', runId: 'busy', job, revision: 1, waitMs: null } as const;
  expect(await wakes.settle([park], allCompleted)).toEqual(['lost']);
  expect(await runs()).toMatchObject([{ id: 'busy', wake: null }]);
});

test('a worker does not park a run that another worker has saved since', async () => {
  const { wakes, send, store, runs } = await world();
  await wakes.start(sampleChange({ runId: 'run' }), 0, send);
  await store.commit(sampleChange({ runId: 'run', revision: 2, status: 'requires_action' }));
  const park = { type: 'park', runId: 'run', job, waitMs: null } as const;
  expect(await wakes.settle([{ ...park, revision: 1 }], allCompleted)).toEqual(['lost']);
  expect(await runs()).toMatchObject([{ wake: null }]);
  expect(await wakes.settle([{ ...park, revision: 2 }], allCompleted)).toEqual(['settled']);
  expect(await runs()).toMatchObject([{ wake: 'infinity' }]);
});

test('a delay that PostgreSQL cannot hold does not fail the settlements of other runs', async () => {
  const { wakes, send } = await world();
  const delays = [Number.NaN, 1e16, Number.POSITIVE_INFINITY, -1, 1_000];
  for (const n of delays.keys()) await wakes.start(sampleChange({ runId: `run-${n}` }), 0, send);
  const parks = delays.map(
    (waitMs, n) => ({ type: 'park', runId: `run-${n}`, job, revision: 1, waitMs }) as const,
  );
  expect(await wakes.settle(parks, allCompleted)).toEqual(delays.map(() => 'settled'));
});

test('a start that is repeated because its answer was lost does not send a wake for a parked run', async () => {
  const { wakes, send, sent } = await world();
  const first = sampleChange({ runId: 'run' });
  await wakes.start(first, 0, send);
  await wakes.settle([{ type: 'park', runId: 'run', job, revision: 1, waitMs: 60_000 }], allCompleted);
  sent.length = 0;
  await wakes.start(first, 0, send);
  expect(sent).toEqual([]);
});

test('an owner who starts many runs takes turns with the others', async () => {
  const { wakes } = await world();
  const turns: number[] = [];
  const noteTurns: SendWakes = async (_database, all) => void turns.push(...all.map(({ turn }) => turn));
  const start = (runId: string, owner?: string): Promise<void> =>
    wakes.start(sampleChange({ runId, ...(owner !== undefined && { owner }) }), 0, noteTurns);
  for (const n of [1, 2, 3]) await start(`ann-${n}`, 'ann');
  await start('bob-1', 'bob');
  await start('1');
  await start('2');
  expect(turns).toEqual([1, 2, 3, 1, 1, 1]);
});

test('a cancel ends the halt of a run, and wakes a worker; a decision waits until the run is resumed', async () => {
  const { wakes, send, sent, runs } = await world();
  await wakes.start(sampleChange({ runId: 'run' }), 0, send);
  await wakes.settle(
    [{ type: 'halt', runId: 'run', job, reason: 'attempts', version: '1.0.0' }],
    allCompleted,
  );
  sent.length = 0;
  await wakes.post('run', { type: 'decided' }, send);
  expect(sent).toEqual([]);
  await wakes.post('run', { type: 'cancel_asked' }, send);
  expect(sent).toEqual(['run']);
  expect(await runs()).toMatchObject([{ halted: null, wake: null }]);
});

test('a permission to continue outlives a worker that cannot drive the run, and is used by one save', async () => {
  const { wakes, send, store } = await world();
  await wakes.start(sampleChange({ runId: 'run' }), 0, send);
  await wakes.resume('run', true, send);
  await wakes.settle([{ type: 'hand_back', runId: 'run', job, waitMs: 0 }], allCompleted);
  expect(await wakes.take(['run'])).toMatchObject([{ isManual: true }]);
  await store.commit(sampleChange({ runId: 'run', revision: 2 }));
  expect(await wakes.take(['run'])).toMatchObject([{ isManual: false }]);
  await wakes.resume('run', true, send);
  const other = sampleChange({ runId: 'other' });
  await wakes.start(other, 0, send);
  const changes = ['run', 'other'].map((runId) =>
    sampleChange({ runId, revision: runId === 'run' ? 3 : 2, status: 'in_progress' }),
  );
  await wakes.commitAll(changes);
  expect(await wakes.take(['run'])).toMatchObject([{ isManual: false }]);
});

test.each(['1.0.0-rc.1', '0.0.0-canary-20261130', '1.0.0', ''])(
  'a worker of version %j can look for the halts of older ones',
  async (version) => {
    const { wakes, send } = await world();
    await wakes.start(sampleChange({ runId: 'run' }), 0, send);
    const halt = { type: 'halt', runId: 'run', job, reason: 'stopped', version: '0.9.0-rc.2' } as const;
    await wakes.settle([halt], allCompleted);
    expect(await wakes.resumeHaltedBefore(version, send)).toBe(version.startsWith('1') ? 1 : 0);
  },
);

test('a thousand wakes of one owner, or as many that failed, do not stop the due run of another', async () => {
  const { pool, schema, wakes, jobs, send, sent } = await world();
  await fillWithDueRuns(pool, schema, 3, `'b'`);
  const add = (startAfter: string): Promise<unknown> =>
    pool.query(`INSERT INTO ${jobs.table} SELECT 'longhaul', 'key-' || n, 'created', 'stately', false, ${startAfter}
      FROM generate_series(1, 1000) AS n`);
  await add(`now() + interval '1 minute'`);
  expect(await wakes.moveDue(jobs, 2, send)).toMatchObject({ moved: 2 });
  await add('now()');
  sent.length = 0;
  expect(await wakes.moveDue(jobs, 500, send)).toMatchObject({ moved: 1 });
  expect(sent).toEqual(['run-3']);
});

test('an owner with one run is moved first, wherever it is among ten thousand due runs of another', async () => {
  const { pool, schema, wakes, jobs, send, sent } = await world();
  await fillWithDueRuns(pool, schema, 10_000, `CASE WHEN n = 5000 THEN 'b' ELSE 'a' END`);
  await wakes.moveDue(jobs, 10, send);
  expect(sent).toHaveLength(10);
  expect(sent).toContain('run-5000');
});

test('a connection that breaks between two users does not end the process', async () => {
  const { pool } = await world();
  const client = await pool.connect();
  expect(client.emit('error', new Error('terminating connection'))).toBe(true);
  client.release(true);
});
