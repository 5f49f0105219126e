import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { checkRevision } from '../check-revision.ts';
import type { ListedRow } from '../listed-head.ts';
import type { RunFilter } from '../run-store.ts';
import type { Call } from './calls.ts';
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
    'SELECT created_at, revision, commit_id, owner, status, response_id FROM runs WHERE run_id = ?',
  );
  const insertRun = prepare(
    database,
    `INSERT INTO runs (run_id, agent, owner, status, created_at, revision, commit_id, head, thread_id, continues,
       is_retry, title, input_text, updated_at, response_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const updateRun = prepare(
    database,
    'UPDATE runs SET revision = ?, commit_id = ?, head = ?, updated_at = ? WHERE run_id = ?',
  );
  // Separate, because an update of an indexed column writes to its index even if the value is the same.
  const updateStatus = prepare(database, 'UPDATE runs SET status = ? WHERE run_id = ?');
  const updateOwner = prepare(database, 'UPDATE runs SET owner = ? WHERE run_id = ?');
  const updateResponse = prepare(database, 'UPDATE runs SET response_id = ? WHERE run_id = ?');
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
      const { runId, owner, status, revision, commitId, head, items, updatedAt, responseId } = change;
      const row = selectHead.get(runId);
      const stored = row && { revision: numberOf(row, 'revision'), commitId: textOf(row, 'commit_id') };
      if (!checkRevision(stored, change)) return false;
      if (row === undefined) insertRun.run(...insertedValues(change));
      else {
        updateRun.run(revision, commitId, head, updatedAt, runId);
        if (textOf(row, 'status') !== status) updateStatus.run(status, runId);
        if (optionalTextOf(row, 'owner') !== owner) updateOwner.run(owner ?? null, runId);
        if (optionalTextOf(row, 'response_id') !== responseId) updateResponse.run(responseId ?? null, runId);
      }
      if (items !== undefined) insertItems.run(runId, revision, items);
      return true;
    },

    delete: (runId) => {
      for (const statement of deletes) statement.run(runId);
      return undefined;
    },
  };
}

/** All columns of a new row. Columns that a later commit never changes are written only here. */
function insertedValues(change: Call<'commit'>): (string | number | null)[] {
  const { runId, agent, owner, status, createdAt, revision, commitId, head } = change;
  const { threadId, continues, isRetry, title, inputText, updatedAt, responseId } = change;
  const row = [runId, agent, owner ?? null, status, createdAt, revision, commitId, head];
  const thread = [threadId, continues ?? null, Number(isRetry), title ?? null, inputText ?? null, updatedAt];
  return [...row, ...thread, responseId ?? null];
}

function listedRow(row: Record<string, SQLOutputValue>): ListedRow {
  return {
    runId: textOf(row, 'run_id'),
    agent: textOf(row, 'agent'),
    owner: optionalTextOf(row, 'owner'),
    threadId: textOf(row, 'thread_id'),
    status: textOf(row, 'status'),
    createdAt: numberOf(row, 'created_at'),
    revision: numberOf(row, 'revision'),
    commitId: textOf(row, 'commit_id'),
    head: textOf(row, 'head'),
  };
}

/**
 * The statement for `list`, and its values. The table has indices for the order, for the status, for the owner and for
 * the conversation.
 *
 * @param afterCreatedAt `createdAt` of the run with the id `after`
 */
function listQuery(
  { after, agent, limit, owner, runId, status, threadId }: RunFilter,
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
  // `+` excludes the index of a column. The runs of one conversation are fewer than those of an owner, and the runs of an
  // owner fewer than those with a status.
  const ofOwner = threadId === undefined ? 'owner' : '+owner';
  const ofStatus = threadId === undefined && owner === undefined ? 'status' : '+status';
  if (threadId !== undefined) {
    conditions.push('thread_id = ?');
    values.push(threadId);
  }
  if (owner !== undefined) {
    conditions.push(`${ofOwner} = ?`);
    values.push(owner);
  }
  if (status !== undefined) {
    // Without duplicates, because the number of values of a statement is limited.
    const statuses = typeof status === 'string' ? [status] : [...new Set(status)];
    conditions.push(`${ofStatus} IN (${statuses.map(() => '?').join(', ')})`);
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
    sql: `SELECT run_id, agent, owner, thread_id, status, created_at, revision, commit_id, head FROM runs ${where} ORDER BY created_at DESC, run_id LIMIT ?`,
    values,
  };
}
