import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { ThreadFilter } from '../run-store.ts';
import { runStatuses } from '../undriven-runs.ts';
import type { ThreadRow, ThreadRunRow } from './calls.ts';
import { numberOf, optionalTextOf, prepare, textOf } from './column.ts';

/** Reads conversations. No statement reads a head. */
export interface ThreadTable {
  runsOf(threadId: string): ThreadRunRow[];
  list(filter: ThreadFilter): ThreadRow[];
}

export function threadTable(database: DatabaseSync): ThreadTable {
  // The index `runs_by_thread` has all these columns, except for the status: each change of an indexed column costs a
  // commit a write to the index. The index of statuses has it. It is searched once for each status that a run can have.
  const selectRuns = prepare(
    database,
    `SELECT run_id, agent, owner, continues, is_retry, created_at, (
       SELECT s.status FROM runs AS s
       WHERE s.status IN (${runStatuses.map((status) => `'${status}'`).join(', ')})
       AND s.created_at = r.created_at AND +s.run_id = r.run_id
     ) AS status
     FROM runs AS r WHERE thread_id = ? ORDER BY created_at, run_id`,
  );
  return {
    runsOf: (threadId) => selectRuns.all(threadId).map(threadRunRow),
    list: (filter) => {
      const { sql, values } = threadQuery(filter);
      return prepare(database, sql).all(values).map(threadRow);
    },
  };
}

function threadRunRow(row: Record<string, SQLOutputValue>): ThreadRunRow {
  return {
    runId: textOf(row, 'run_id'),
    agent: textOf(row, 'agent'),
    owner: optionalTextOf(row, 'owner'),
    continues: optionalTextOf(row, 'continues'),
    isRetry: numberOf(row, 'is_retry') === 1,
    status: textOf(row, 'status'),
    createdAt: numberOf(row, 'created_at'),
  };
}

function threadRow(row: Record<string, SQLOutputValue>): ThreadRow {
  return {
    threadId: textOf(row, 'thread_id'),
    title: textOf(row, 'title'),
    status: textOf(row, 'status'),
    updatedAt: numberOf(row, 'updated_at'),
    runs: numberOf(row, 'runs'),
  };
}

/**
 * The statement for `listThreads`, and its values. It reads the runs newest first, and keeps those that are the newest
 * matching run of their conversation. It stops at the limit, so it reads only the conversations that it returns.
 */
function threadQuery({ after, agent, limit, owner }: ThreadFilter): {
  readonly sql: string;
  readonly values: Record<string, string | number>;
} {
  const ofAgent = (run: string): string => (agent === undefined ? '' : `AND ${run}.agent = :agent`);
  // `+` excludes the index of owners: the runs of one conversation are fewer than those of an owner.
  const matches = (run: string): string =>
    `${owner === undefined ? '' : `AND +${run}.owner = :owner`} ${ofAgent(run)}`;
  const cursor = `(SELECT max(c.created_at) FROM runs AS c WHERE c.thread_id = :after ${matches('c')})`;
  const ofThread = (what: string): string =>
    `SELECT ${what} FROM runs AS r WHERE r.thread_id = newest.thread_id ${matches('r')}`;
  return {
    sql: `
      WITH newest AS (
        SELECT n.thread_id, n.created_at, n.run_id FROM runs AS n
        WHERE NOT EXISTS (
          SELECT 1 FROM runs AS later WHERE later.thread_id = n.thread_id
          AND (later.created_at, later.run_id) > (n.created_at, n.run_id) ${matches('later')}
        )
        ${owner === undefined ? '' : 'AND n.owner = :owner'} ${ofAgent('n')}
        ${after === undefined ? '' : `AND n.created_at <= ${cursor} AND (n.created_at < ${cursor} OR n.thread_id > :after)`}
        ORDER BY n.created_at DESC, n.thread_id LIMIT :limit
      )
      SELECT thread_id,
        (SELECT status FROM runs AS r WHERE r.run_id = newest.run_id) AS status,
        (${ofThread('max(r.updated_at)')}) AS updated_at,
        (${ofThread('count(*)')}) AS runs,
        coalesce(
          (${ofThread('r.title')} AND r.title IS NOT NULL ORDER BY r.created_at DESC, r.run_id DESC LIMIT 1),
          (${ofThread('r.input_text')} AND r.input_text IS NOT NULL ORDER BY r.created_at, r.run_id LIMIT 1)
        ) AS title
      FROM newest ORDER BY created_at DESC, thread_id`,
    values: {
      // In SQLite, a negative limit means no limit.
      limit: limit ?? -1,
      ...(after !== undefined && { after }),
      ...(agent !== undefined && { agent }),
      ...(owner !== undefined && { owner }),
    },
  };
}
