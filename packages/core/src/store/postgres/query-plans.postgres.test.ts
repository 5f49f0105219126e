import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainedPool } from '../../../test-support/postgres/explained-pool.ts';
import { queueName, WakeQueue } from '../../queue/wake-queue.ts';
import { bossSchema, ownBoss } from '../../queue/own-boss.ts';
import { usePostgres } from '../../../test-support/postgres/postgres-database.ts';
import { sampleChange, type SampleChange } from '../../testing/conformance/sample-run.ts';
import type { RunCommit } from '../run-store.ts';
import { type PostgresStore, postgresStore } from '../postgres.ts';
import type { JobAttempt, WakeStore } from '../wake-store.ts';
import { wakeStoreOf } from './wake-store.ts';

const runs = process.env['LONGHAUL_DEEP'] === '1' ? 1_000_000 : 200_000;
const { newPool, newSchema } = usePostgres();
const schema = newSchema();
const pool = newPool();
const explained = explainedPool(pool);
const store = postgresStore({ database: explained, schema });
const wakes = wakeStoreOf(store);
/** pg-boss prepares itself without EXPLAIN. Its statements in the transactions of the store are explained. */
const boss = ownBoss(postgresStore({ database: pool, schema }), false, (message) => expect.fail(message));
const queue = new WakeQueue(boss);
afterAll(() => boss.stop({ graceful: false }));
const jobs = { table: `${bossSchema(store)}.job`, queue: queueName };
/** Some runs that workers drive, with the attempts of their jobs. */
const driven: { readonly runId: string; readonly job: JobAttempt }[] = [];

/**
 * Most runs wait, and are driven by workers. Others have ended, wait for a person, or are driven by processes with
 * claims. One owner has every second run.
 */
beforeAll(async () => {
  await store.list({ limit: 1 });
  const statements = [
    `INSERT INTO runs (run_id, agent, owner, thread_id, is_retry, title, input_text, status, status_group, created_at,
       updated_at, revision, commit_id, iteration, item_count, response_id, queued, wake_at, head)
     SELECT 'run-' || n, 'agent-' || n % 3, 'owner-' || CASE WHEN n % 2 = 0 THEN 0 ELSE n % 5000 END, 'thread-' || n / 4,
       false, 'title', 'input', s.status,
       CASE WHEN n % 1000 < 2 AND s.status IN ('in_progress', 'queued') THEN 'active' ELSE s.status END, n, n, 3, 'commit-' || n, 2, 6, 'resp-' || n, n % 1000 > 1, now() + n * interval '1 second',
       json_build_object('runId', 'run-' || n, 'filler', repeat('head ', 10))
     FROM generate_series(1, ${runs}) AS n, LATERAL (SELECT CASE WHEN n % 10 < 6 THEN 'in_progress'
       WHEN n % 10 < 9 THEN 'completed' WHEN n % 100 = 9 THEN 'requires_action' ELSE 'queued' END AS status) AS s`,
    `INSERT INTO responses (run_id, response_id) SELECT 'run-' || n, 'resp-' || n FROM generate_series(1, ${runs / 10}) AS n`,
    `INSERT INTO items (run_id, position, iteration, items)
     SELECT 'run-' || n, i * 2, i, '[1, 2]' FROM generate_series(1, ${runs / 10}) AS n, generate_series(0, 2) AS i`,
    `INSERT INTO claims (run_id, owner, until) SELECT 'run-' || n * 10, 'process-' || n % 400, now()
     FROM generate_series(1, 20000) AS n`,
    `INSERT INTO owners (owner, until) SELECT 'process-' || n, now() + (n - 40) * interval '1 minute'
     FROM generate_series(0, 5000) AS n`,
    `INSERT INTO inbox (run_id, message) SELECT 'run-' || n % 200 * 10, '1' FROM generate_series(1, 20000) AS n`,
    `INSERT INTO webhooks (response_id, received_at) SELECT 'unknown-' || n, now() - n * interval '1 minute'
     FROM generate_series(1, 20000) AS n`,
    `INSERT INTO watches (run_id, until) SELECT 'run-' || n * 7, now() + interval '1 minute'
     FROM generate_series(1, 20000) AS n`,
    // Some runs are driven, some are due, and some are halted.
    `UPDATE runs SET wake_at = NULL, status_group = 'active'
     WHERE run_id IN (SELECT 'run-' || n * 100 + 3 FROM generate_series(1, 1500) AS n)`,
    `UPDATE runs SET wake_at = now() - interval '1 minute'
     WHERE run_id IN (SELECT 'run-' || n * 50 + 5 FROM generate_series(1, 3500) AS n)`,
    `UPDATE runs SET wake_at = NULL, halted_since = now(), halted_reason = 'stopped', halted_version = '0.0.1'
     WHERE run_id IN (SELECT 'run-' || n * 100 + 7 FROM generate_series(1, 1500) AS n)`,
  ];
  const client = await pool.connect();
  await client.query(`SET search_path TO "${schema}"`);
  // Filling a table and then creating its indices is faster.
  const indices = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE schemaname = $1 AND indexname LIKE 'runs_by_%'`,
    [schema],
  );
  for (const { name } of indices.rows) await client.query(`DROP INDEX ${name}`);
  for (const statement of statements) await client.query(statement);
  for (const { definition } of indices.rows) await client.query(definition);
  await client.query('ANALYZE runs, items, responses, claims, owners, inbox, webhooks, watches');
  client.release(true);
  await fillQueue();
  await store.commit(sampleChange({ runId: 'long', owner: 'owner-1', append: [{ n: 0 }] }));
  for (let revision = 2; revision <= 60; revision += 1)
    await store.commit(
      sampleChange({ runId: 'long', revision, head: { iteration: revision }, append: [{ n: 1 }] }),
    );
  await store.post('long', 1);
});

/** Most of the driven runs have a job. The others have lost it. The queue also has the jobs of the last minute. */
async function fillQueue(): Promise<void> {
  await boss.start();
  await queue.prepare();
  const keys = Array.from({ length: 1_000 }, (_, n) => `run-${(n + 1) * 100 + 3}`);
  await boss.insert(
    queueName,
    keys.map((key) => ({ singletonKey: key, data: { key } })),
  );
  for (const { key, id, retryCount } of await queue.fetch(50))
    driven.push({ runId: key, job: { id, retryCount } });
  await pool.query(
    `INSERT INTO ${jobs.table} (id, name, policy, state, singleton_key, data, completed_on)
     SELECT gen_random_uuid(), $1, 'stately', 'completed', 'run-' || n, '{}', now() FROM generate_series(1, 20000) AS n`,
    [queueName],
  );
  await pool.query(`ANALYZE ${jobs.table}`);
}

type Calls = readonly [name: string, call: (store: PostgresStore) => Promise<unknown>, mostBlocks: number];
const page = { limit: 50 };
/** The number of pages that a call may read: about one for each row, and some for each search of an index. */
const calls: readonly Calls[] = [
  ['load', () => store.load('run-500'), 30],
  ['load of a long run', () => store.load('long'), 30],
  ['loadRecent', () => store.loadRecent('long'), 30],
  ['loadEarlier', async () => store.loadEarlier((await store.loadRecent('long')) ?? Object(undefined)), 30],
  ['list', () => store.list(page), 70],
  ['list after a run', () => store.list({ ...page, after: 'run-100' }), 70],
  ['list of one run', () => store.list({ runId: 'run-7', owner: 'owner-7' }), 20],
  ['list of an owner with many runs', () => store.list({ ...page, owner: 'owner-0' }), 70],
  ['list of an owner with few runs', () => store.list({ ...page, owner: 'owner-77' }), 70],
  ['list of an unknown owner', () => store.list({ ...page, owner: 'unknown' }), 20],
  ['list of an owner after a run', () => store.list({ ...page, owner: 'owner-0', after: 'run-10000' }), 70],
  [
    'list of an owner and a status',
    () => store.list({ ...page, owner: 'owner-0', status: 'in_progress' }),
    400,
  ],
  ['list of a thread', () => store.list({ threadId: 'thread-77', owner: 'owner-0' }), 20],
  ['list of a status', () => store.list({ ...page, status: 'in_progress' }), 200],
  [
    'list of a status of few runs that need a process',
    () => store.list({ ...page, status: 'queued' }),
    3_000,
  ],
  [
    'list of a status of no run that needs one',
    () => store.list({ ...page, status: 'running_tools' }),
    3_000,
  ],
  ['list of a rare status', () => store.list({ ...page, status: 'requires_action' }), 3_000],
  ['list of a status without runs', () => store.list({ ...page, status: 'failed' }), 20],
  ['list of two statuses', () => store.list({ ...page, status: ['completed', 'requires_action'] }), 3_000],
  [
    'list of a status after a run',
    () => store.list({ ...page, status: 'completed', after: 'run-10000' }),
    200,
  ],
  ['listThreadRuns', () => store.listThreadRuns('thread-77'), 20],
  ['listThreads', () => store.listThreads(page), 3_000],
  ['listThreads after a thread', () => store.listThreads({ ...page, after: 'thread-100' }), 3_000],
  ['listThreads of an owner', () => store.listThreads({ ...page, owner: 'owner-0' }), 3_000],
  ['listThreads of an owner with few runs', () => store.listThreads({ ...page, owner: 'owner-77' }), 3_000],
  ['claim', () => store.claim('run-1000', 'process-new', 15_000), 80],
  ['release', () => store.release('run-1000', 'process-new'), 30],
  ['renew', () => store.renew('process-1', 15_000), 60],
  ['look', () => store.look(Array.from({ length: 100 }, (_, n) => `run-${n * 50}`)), 2_000],
  ['undriven', () => store.undriven(['agent-1', 'agent-2']), 30_000],
  ['post', () => store.post('run-9', 1), 60],
  ['receive', () => store.receive('run-100'), 150],
  ['commit', () => store.commit(change(61, { append: [{ n: 2 }], received: ['1', '2'] })), 80],
  ['commit with a response', () => store.commit(change(62, { head: { phase: waiting } })), 80],
  ['commit that ends the run', () => store.commit(change(63, { status: 'completed' })), 120],
  ['commit of a new run', () => store.commit(sampleChange({ runId: 'new', owner: 'o', append: [{}] })), 80],
  ['findByResponse', () => store.findByResponse('resp-777'), 20],
  ['rememberWebhook', () => store.rememberWebhook('unknown-1'), 2_000],
  ['takeWebhook', () => store.takeWebhook('unknown-2'), 20],
  ['delete', () => store.delete('run-6'), 40],
];
const waiting = { type: 'waiting', pending: { responseId: 'resp-long', status: 'queued', since: 1 } };

function change(revision: number, sample: SampleChange): RunCommit {
  return sampleChange({ runId: 'long', owner: 'owner-1', revision, ...sample });
}

const many = Array.from({ length: 50 }, (_, n) => `run-${(n + 1) * 100 + 3}`);

/** The number of pages that each statement of a call may read. */
const wakeCalls: readonly [name: string, call: (wakes: WakeStore) => Promise<unknown>, mostBlocks: number][] =
  [
    ['start', (to) => to.start(sampleChange({ runId: 'started', append: [{}] }), 1_000, queue.send), 500],
    ['post', (to) => to.post('run-11', { type: 'hint' }, queue.send), 100],
    ['post for a run that is driven', (to) => to.post('run-103', { type: 'hint' }, queue.send), 100],
    ['take', (to) => to.take(many), 1_500],
    ['loadEarlier', (to) => to.loadEarlier({ runId: 'long', createdAt: 1_000 }, 58), 100],
    [
      'commitAll',
      (to) =>
        to.commitAll(many.map((runId) => sampleChange({ runId, revision: 4, head: { phase: waiting } }))),
      2_500,
    ],
    ['takeWebhooks', (to) => to.takeWebhooks(many.map((_, n) => `unknown-${n + 10}`)), 500],
    [
      'settle: parked, handed back, halted and over',
      (to) => {
        const how = [
          { type: 'park', revision: 4, waitMs: 60_000 },
          { type: 'hand_back', waitMs: 0 },
          { type: 'halt', reason: 'stopped', version: '0.0.1' },
          { type: 'over' },
        ] as const;
        return to.settle(
          driven.map((run, n) => ({ ...run, ...(how[n % 4] ?? how[0]) })),
          queue.complete,
        );
      },
      3_000,
    ],
    ['moveDue', (to) => to.moveDue(jobs, 500, queue.send), 30_000],
    ['sweep', (to) => to.sweep(jobs, queue.send), 30_000],
    ['resume', (to) => to.resume('run-107', true, queue.send), 100],
    ['resumeHaltedBefore', (to) => to.resumeHaltedBefore('0.0.2', queue.send), 30_000],
    ['watchRuns', (to) => to.watchRuns(many, 1_000), 1_000],
    ['watchedOf', (to) => to.watchedOf(many), 300],
  ];

/**
 * Tables that may be read as a whole. pg-boss has one row for each queue, and `inbox` only messages that no worker has
 * received yet.
 */
const tiny = ['queue', 'inbox'];

function expectIndices(mostBlocks: number): void {
  expect(explained.statements.length).toBeGreaterThan(0);
  for (const { text, scanned, blocks } of explained.statements) {
    expect(
      scanned.filter((table) => !tiny.includes(table)),
      text,
    ).toEqual([]);
    expect(blocks, text).toBeLessThan(mostBlocks);
  }
}

describe('a store with many runs', () => {
  test.each(calls)('%s reads an index, and few pages', async (_name, call, mostBlocks) => {
    explained.statements.length = 0;
    await call(store);
    expectIndices(mostBlocks);
  });

  test.each(wakeCalls)('%s of the queue reads an index, and few pages', async (_name, call, mostBlocks) => {
    if (wakes === undefined) return expect.fail('The store has no queue.');
    explained.statements.length = 0;
    await call(wakes);
    expectIndices(mostBlocks);
  });
});
