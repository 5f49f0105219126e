import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunFilter, ThreadFilter } from '../run-store.ts';
import { claimTable } from './claim-table.ts';
import { migrations } from './migrations.ts';
import { migrateDatabase } from './open-database.ts';
import { commitRow } from './read-rows.ts';
import { type RunTable, runTable } from './run-table.ts';
import { threadTable } from './thread-table.ts';
import { webhookTable } from './webhook-table.ts';
import { sampleChange, type SampleChange } from '../../testing/conformance/sample-run.ts';

let database: DatabaseSync;
beforeEach(() => {
  database = new DatabaseSync(':memory:');
  migrateDatabase(database, ':memory:', migrations);
});
afterEach(() => database.close());

/** The plans of the statements that `work` prepares and that read runs by the given column. */
function plansOf(work: () => void): readonly string[] {
  const prepare = vi.spyOn(database, 'prepare');
  work();
  const statements = prepare.mock.calls.map(([sql]) => sql);
  prepare.mockRestore();
  return statements.map((sql) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => detail)
      .join('\n'),
  );
}

/** Commits a run, without items. */
function commit(runs: RunTable, sample: SampleChange): void {
  const { runId, revision, commitId, head } = sampleChange(sample);
  const row = { ...commitRow(runId, head), revision, commitId };
  runs.commit({ type: 'commit', ...row, items: undefined, received: [] });
}

test.each<[RunFilter]>([
  [{}],
  [{ limit: 20 }],
  [{ status: 'completed' }],
  [{ status: ['completed', 'queued'], agent: 'a' }],
  [{ after: 'run-1', limit: 20 }],
])('the newest runs of an owner are read in the order of an index: %j', (filter) => {
  const runs = runTable(database);
  database.exec(`INSERT INTO runs (run_id, agent, owner, status, created_at, revision, commit_id, head)
    VALUES ('run-1', 'a', 'ann', 'completed', 1, 1, 'c', '{}')`);
  const [plan] = plansOf(() => runs.list({ ...filter, owner: 'ann' }));
  expect(plan).toBe('SEARCH runs USING INDEX runs_by_owner (owner=?)');
});

test('undriven does not read finished runs, or runs that wait for a person without a message', () => {
  const plans = plansOf(() => claimTable(database));
  const [plan = ''] = plans.filter((one) => one.includes('runs_by_status'));
  const reads = plan.split('\n').filter((step) => / runs\b/.test(step));
  expect(reads).toEqual([
    'SEARCH runs USING INDEX runs_by_status (status=?)',
    'SEARCH runs USING INDEX sqlite_autoindex_runs_1 (run_id=?)',
  ]);
});

test('a commit writes the owner only if the owner has changed', () => {
  const runs = runTable(database);
  database.exec(`
    CREATE TABLE written (owner TEXT);
    CREATE TRIGGER written_owner AFTER UPDATE OF owner ON runs
    BEGIN INSERT INTO written VALUES (new.owner); END;
  `);
  let revision = 0;
  for (const owner of ['ann', 'ann', 'bob', undefined, undefined, 'bob']) {
    revision += 1;
    commit(runs, { ...(owner && { owner }), revision });
  }
  const written = database.prepare('SELECT owner FROM written').all();
  expect(written.map(({ owner }) => owner)).toEqual(['bob', null, 'bob']);
});

test('a commit writes the status only if it has changed', () => {
  const runs = runTable(database);
  database.exec(`
    CREATE TABLE written (status TEXT);
    CREATE TRIGGER written_status AFTER UPDATE OF status ON runs
    BEGIN INSERT INTO written VALUES (new.status); END;
  `);
  for (const [n, status] of ['queued', 'queued', 'in_progress', 'in_progress', 'completed'].entries())
    commit(runs, { status, revision: n + 1 });
  const written = database.prepare('SELECT status FROM written').all();
  expect(written.map(({ status }) => status)).toEqual(['in_progress', 'completed']);
});

test('a commit writes the pending response only if it has changed', () => {
  const runs = runTable(database);
  database.exec(`
    CREATE TABLE written (response_id TEXT);
    CREATE TRIGGER written_response AFTER UPDATE OF response_id ON runs
    BEGIN INSERT INTO written VALUES (new.response_id); END;
  `);
  for (const [n, responseId] of ['a', 'a', null, null, 'b', 'b'].entries()) {
    const phase = responseId === null ? { type: 'tools' } : { type: 'waiting', pending: { responseId } };
    commit(runs, { head: { phase }, revision: n + 1 });
  }
  const written = database.prepare('SELECT response_id FROM written').all();
  expect(written.map((row) => row['response_id'])).toEqual([null, 'b']);
});

test('the run of a webhook, and a remembered webhook, are found with an index', () => {
  const plans = plansOf(() => webhookTable(database));
  expect(plans.filter((plan) => plan !== '')).toEqual([
    'SEARCH runs USING INDEX runs_by_response (response_id=?)',
    'SEARCH webhooks USING COVERING INDEX webhooks_by_age (received_at<?)',
    'SEARCH webhooks USING PRIMARY KEY (response_id=?)',
    'SEARCH webhooks USING PRIMARY KEY (response_id=?)',
  ]);
});

test('a later commit writes no other column of an index', () => {
  const runs = runTable(database);
  commit(runs, { owner: 'ann' });
  const indexed = database
    .prepare(`SELECT DISTINCT i.name FROM pragma_index_list('runs') AS l, pragma_index_info(l.name) AS i`)
    .all()
    .map(({ name }) => String(name));
  expect(indexed).toContain('thread_id');
  database.exec(`CREATE TABLE written (x); CREATE TRIGGER written_any
    AFTER UPDATE OF ${indexed.join(', ')} ON runs BEGIN INSERT INTO written VALUES (1); END`);
  commit(runs, { owner: 'ann', revision: 2 });
  expect(database.prepare('SELECT * FROM written').all()).toEqual([]);
});

test('the runs of a conversation are read from indices, without their heads', () => {
  const [plan] = plansOf(() => threadTable(database));
  expect(plan).toBe(
    [
      'SEARCH r USING COVERING INDEX runs_by_thread (thread_id=?)',
      'CORRELATED SCALAR SUBQUERY 1',
      'SEARCH s USING COVERING INDEX runs_by_status (status=? AND created_at=?)',
    ].join('\n'),
  );
});

test.each<[RunFilter]>([
  [{}],
  [{ owner: 'ann' }],
  [{ owner: 'ann', status: ['queued', 'completed'], agent: 'a', limit: 2 }],
])('list reads only the heads of the conversation: %j', (filter) => {
  const runs = runTable(database);
  const [plan] = plansOf(() => runs.list({ ...filter, threadId: 'trip' }));
  expect(plan).toContain('SEARCH runs USING INDEX runs_by_thread (thread_id=?)');
});

describe.each<[ThreadFilter]>([
  [{}],
  [{ limit: 20 }],
  [{ agent: 'a' }],
  [{ owner: 'ann' }],
  [{ owner: 'ann', agent: 'a', limit: 20 }],
  [{ owner: 'ann', agent: 'a', limit: 20, after: 'trip' }],
])('listThreads with the filter %j', (filter) => {
  test('finds conversations with an index in the order of the list, and their runs with another', () => {
    const threads = threadTable(database);
    const [plan = ''] = plansOf(() => threads.list(filter));
    const reads = plan.split('\n').filter((step) => /^(?:SCAN|SEARCH) (?!newest)/.test(step));
    const first =
      filter.owner === undefined
        ? /\bn USING COVERING INDEX runs_by_age/
        : /\bn USING COVERING INDEX runs_by_owner/;
    expect(reads[0]).toMatch(first);
    const others = reads
      .slice(1)
      .filter((step) => !/r USING INDEX sqlite_autoindex_runs_1 \(run_id=\?\)/.test(step));
    expect(others.length).toBeGreaterThan(3);
    for (const step of others)
      expect(step).toMatch(/USING (?:COVERING )?INDEX runs_by_thread \(thread_id=\?/);
    // The runs of the first conversation that is left out are not sorted.
    expect(plan).not.toMatch(/TEMP B-TREE FOR ORDER BY/);
  });

  test('does not name the head', () => {
    const threads = threadTable(database);
    const prepare = vi.spyOn(database, 'prepare');
    threads.list(filter);
    expect(prepare).toHaveBeenCalledTimes(1);
    expect(String(prepare.mock.calls[0])).not.toMatch(/\bhead\b|\*(?!\))/);
    prepare.mockRestore();
  });
});
