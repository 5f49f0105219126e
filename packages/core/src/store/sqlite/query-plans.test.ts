import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunFilter } from '../run-store.ts';
import { claimTable } from './claim-table.ts';
import { migrations } from './migrations.ts';
import { migrateDatabase } from './open-database.ts';
import { runTable } from './run-table.ts';

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
    const row = { runId: 'run-1', agent: 'a', status: 'queued', createdAt: 1, head: '{}', items: undefined };
    const commitId = String(revision);
    runs.commit({ type: 'commit', ...row, owner, revision, commitId, received: [] });
  }
  const written = database.prepare('SELECT owner FROM written').all();
  expect(written.map(({ owner }) => owner)).toEqual(['bob', null, 'bob']);
});
