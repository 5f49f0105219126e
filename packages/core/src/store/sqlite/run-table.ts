import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { checkRevision } from '../check-revision.ts';
import type { RunFilter } from '../run-store.ts';
import type { Call, ListedRow } from './calls.ts';
import { numberOf, optionalTextOf, prepare, textOf } from './column.ts';

/** Stores heads and items. */
export interface RunTable {
  load(runId: string): string[];
  list(filter: RunFilter): ListedRow[];
  /** @returns false for a repeated commit, which changes nothing */
  commit(change: Call<'commit'>): boolean;
  delete(runId: string): undefined;
}

export function runTable(database: DatabaseSync): RunTable {
  const selectHead = prepare(
    database,
    'SELECT created_at, revision, commit_id, owner FROM runs WHERE run_id = ?',
  );
  const upsertRun = prepare(
    database,
    `INSERT INTO runs (run_id, agent, owner, status, created_at, revision, commit_id, head)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run_id) DO UPDATE
     SET status = excluded.status, revision = excluded.revision, commit_id = excluded.commit_id, head = excluded.head`,
  );
  const updateOwner = prepare(database, 'UPDATE runs SET owner = ? WHERE run_id = ?');
  const insertItems = prepare(database, 'INSERT INTO items (run_id, revision, items) VALUES (?, ?, ?)');
  // One statement reads the head and the items. With two, a save between them would make the result inconsistent.
  const selectRun = prepare(
    database,
    `SELECT -1 AS position, head AS json FROM runs WHERE run_id = ?
     UNION ALL SELECT revision, items FROM items WHERE run_id = ? ORDER BY position`,
  );
  const deletes = ['runs', 'items', 'claims', 'inbox'].map((table) =>
    prepare(database, `DELETE FROM ${table} WHERE run_id = ?`),
  );

  return {
    load: (runId) => {
      const [head, ...items] = selectRun.all(runId, runId).map((row) => textOf(row, 'json'));
      // A damaged file may contain items without their head.
      return head === undefined ? [] : [head, ...items];
    },

    list: (filter) => {
      const { after } = filter;
      const row = after === undefined ? undefined : selectHead.get(after);
      // A deleted cursor ends the list. Starting from the beginning would make a paging loop endless (I9).
      if (after !== undefined && row === undefined) return [];
      const { sql, values } = listQuery(filter, row && numberOf(row, 'created_at'));
      return prepare(database, sql)
        .all(...values)
        .map(listedRow);
    },

    commit: (change) => {
      const { runId, agent, owner, status, createdAt, revision, commitId, head, items } = change;
      const row = selectHead.get(runId);
      const stored = row && { revision: numberOf(row, 'revision'), commitId: textOf(row, 'commit_id') };
      if (!checkRevision(stored, change)) return false;
      upsertRun.run(runId, agent, owner ?? null, status, createdAt, revision, commitId, head);
      // Separate, because an update of an indexed column writes to its index even if the value is the same.
      if (row && optionalTextOf(row, 'owner') !== owner) updateOwner.run(owner ?? null, runId);
      if (items !== undefined) insertItems.run(runId, revision, items);
      return true;
    },

    delete: (runId) => {
      for (const statement of deletes) statement.run(runId);
      return undefined;
    },
  };
}

function listedRow(row: Record<string, SQLOutputValue>): ListedRow {
  return {
    runId: textOf(row, 'run_id'),
    agent: textOf(row, 'agent'),
    owner: optionalTextOf(row, 'owner'),
    status: textOf(row, 'status'),
    createdAt: numberOf(row, 'created_at'),
    revision: numberOf(row, 'revision'),
    commitId: textOf(row, 'commit_id'),
    head: textOf(row, 'head'),
  };
}

/**
 * The statement for `list`, and its values. The table has indices for the order, for the status and for the owner.
 *
 * @param afterCreatedAt `createdAt` of the run with the id `after`
 */
function listQuery(
  { after, agent, limit, owner, runId, status }: RunFilter,
  afterCreatedAt: number | undefined,
): { readonly sql: string; readonly values: (string | number)[] } {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  if (runId !== undefined) {
    conditions.push('run_id = ?');
    values.push(runId);
  }
  if (agent !== undefined) {
    conditions.push('agent = ?');
    values.push(agent);
  }
  if (owner !== undefined) {
    conditions.push('owner = ?');
    values.push(owner);
  }
  if (status !== undefined) {
    // Without duplicates, because the number of values of a statement is limited.
    const statuses = typeof status === 'string' ? [status] : [...new Set(status)];
    conditions.push(`status IN (${statuses.map(() => '?').join(', ')})`);
    values.push(...statuses);
  }
  if (after !== undefined && afterCreatedAt !== undefined) {
    conditions.push('(created_at < ? OR (created_at = ? AND run_id > ?))');
    values.push(afterCreatedAt, afterCreatedAt, after);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  // In SQLite, a negative limit means no limit.
  values.push(limit ?? -1);
  return {
    sql: `SELECT run_id, agent, owner, status, created_at, revision, commit_id, head FROM runs ${where} ORDER BY created_at DESC, run_id LIMIT ?`,
    values,
  };
}
