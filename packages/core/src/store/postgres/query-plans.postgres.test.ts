import process from 'node:process';
import { beforeAll, describe, expect, test } from 'vitest';
import { explainedPool } from '../../../test-support/postgres/explained-pool.ts';
import { usePostgres } from '../../../test-support/postgres/postgres-database.ts';
import { sampleChange, type SampleChange } from '../../testing/conformance/sample-run.ts';
import type { RunCommit } from '../run-store.ts';
import { type PostgresStore, postgresStore } from '../postgres.ts';

const runs = process.env['LONGHAUL_DEEP'] === '1' ? 1_000_000 : 200_000;
const { newPool, newSchema } = usePostgres();
const schema = newSchema();
const pool = newPool();
const explained = explainedPool(pool);
const store = postgresStore({ database: explained, schema });

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
       false, 'title', 'input', s.status, CASE WHEN s.status IN ('in_progress', 'queued') THEN 'active' ELSE s.status END,
       n, n, 3, 'commit-' || n, 2, 6, 'resp-' || n, n % 1000 > 1, now() + n * interval '1 second',
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
  await client.query('ANALYZE runs, items, responses, claims, owners, inbox, webhooks');
  client.release(true);
  await store.commit(sampleChange({ runId: 'long', owner: 'owner-1', append: [{ n: 0 }] }));
  for (let revision = 2; revision <= 60; revision += 1)
    await store.commit(
      sampleChange({ runId: 'long', revision, head: { iteration: revision }, append: [{ n: 1 }] }),
    );
  await store.post('long', 1);
});

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
  ['list of a rare status', () => store.list({ ...page, status: 'requires_action' }), 70],
  ['list of a status without runs', () => store.list({ ...page, status: 'failed' }), 20],
  ['list of two statuses', () => store.list({ ...page, status: ['completed', 'requires_action'] }), 200],
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

describe('a store with many runs', () => {
  test.each(calls)('%s reads an index, and few pages', async (_name, call, mostBlocks) => {
    explained.statements.length = 0;
    await call(store);
    expect(explained.statements.length).toBeGreaterThan(0);
    for (const { text, scanned, blocks } of explained.statements) {
      expect(scanned, text).toEqual([]);
      expect(blocks, text).toBeLessThan(mostBlocks);
    }
  });
});
