import { defined } from '../../wire/defined.ts';
import type { ThreadFilter, ThreadRun, ThreadSummary } from '../run-store.ts';
import { checkedThreadFilter, checkThreadId } from '../thread-lists.ts';
import type { Connection } from './connection.ts';
import { Parameters } from './parameters.ts';
import { isTrue, numberOf, optionalTextOf, textOf } from './row.ts';
import { textKey } from './text-key.ts';

/** The runs of a conversation, oldest first. Does not read heads. */
export async function listThreadRuns(connection: Connection, threadId: string): Promise<ThreadRun[]> {
  checkThreadId(threadId);
  const rows = await connection.query(
    `list the runs of thread ${threadId}`,
    `SELECT run_id, agent, owner, continues, is_retry::text, status, created_at::text AS created
     FROM ${connection.schema}.runs WHERE thread_id = $1 ORDER BY created_at, run_id`,
    [textKey(threadId)],
  );
  return rows.map((row) =>
    withSavedStatus({
      runId: textOf(row, 'run_id'),
      agent: textOf(row, 'agent'),
      ...defined({
        owner: optionalTextOf(row, 'owner'),
        continues: optionalTextOf(row, 'continues'),
        isRetry: isTrue(row, 'is_retry') || undefined,
      }),
      status: textOf(row, 'status'),
      createdAt: numberOf(row, 'created'),
    }),
  );
}

/** Conversations, newest first. Does not read heads. */
export async function listThreads(
  connection: Connection,
  given: ThreadFilter | undefined,
): Promise<ThreadSummary[]> {
  const { text, values } = threadQuery(connection, checkedThreadFilter(given));
  return (await connection.query('list threads', text, values)).map((row) =>
    withSavedStatus({
      threadId: textOf(row, 'thread_id'),
      title: textOf(row, 'title'),
      status: textOf(row, 'status'),
      updatedAt: numberOf(row, 'updated'),
      runs: numberOf(row, 'runs'),
    }),
  );
}

/** The status is not checked, because it may be of another version. */
function withSavedStatus<T>(row: object): T {
  return JSON.parse(JSON.stringify(row));
}

/**
 * The statement for `listThreads`. It reads the runs newest first, and keeps those that are the newest matching run of
 * their conversation. It stops at the limit, so it reads only the conversations that it returns. The order by
 * `-created_at` is only in the index of all runs, and `created_at DESC` only in the other indices, so that PostgreSQL
 * cannot choose an unsuitable one.
 */
function threadQuery(
  { schema }: Connection,
  { after, agent, limit, owner }: ThreadFilter,
): { readonly text: string; readonly values: Parameters['values'] } {
  const parameters = new Parameters();
  const agentKey = agent === undefined ? undefined : parameters.add(textKey(agent));
  const ownerKey = owner === undefined ? undefined : parameters.add(textKey(owner));
  const ofAgent = (run: string): string => (agentKey === undefined ? '' : `AND ${run}.agent = ${agentKey}`);
  // The runs of one conversation are fewer than those of an owner, and `|| ''` excludes the index of owners.
  const matches = (run: string): string =>
    `${ownerKey === undefined ? '' : `AND ${run}.owner || '' = ${ownerKey}`} ${ofAgent(run)}`;
  const ofThread = (thread: string): string =>
    `FROM ${schema}.runs AS r WHERE r.thread_id = ${thread} ${matches('r')}`;
  const order = ownerKey === undefined ? '-n.created_at' : 'n.created_at DESC';
  const afterKey = after === undefined ? '' : parameters.add(textKey(after));
  const cursor = `(SELECT c.created_at FROM ${schema}.runs AS c WHERE c.thread_id = ${afterKey} ${matches('c')}
    ORDER BY c.created_at DESC LIMIT 1)`;
  const later =
    after === undefined
      ? ''
      : ownerKey === undefined
        ? `AND -n.created_at >= -${cursor} AND (-n.created_at > -${cursor} OR n.thread_id > ${afterKey})`
        : `AND n.created_at <= ${cursor} AND (n.created_at < ${cursor} OR n.thread_id > ${afterKey})`;
  return {
    text: `
      WITH newest AS MATERIALIZED (
        SELECT n.thread_id, n.run_id, n.status, n.created_at FROM ${schema}.runs AS n
        WHERE n.run_id = (SELECT r.run_id ${ofThread('n.thread_id')}
          ORDER BY r.created_at DESC, r.run_id DESC LIMIT 1)
        ${ownerKey === undefined ? '' : `AND n.owner = ${ownerKey}`} ${ofAgent('n')} ${later}
        ORDER BY ${order}, n.thread_id ${limit === undefined ? '' : `LIMIT ${limit}`}
      )
      SELECT newest.thread_id, newest.status, facts.* FROM newest, LATERAL (
        SELECT max(r.updated_at)::text AS updated, count(*)::text AS runs, coalesce(
          (array_agg(r.title ORDER BY r.created_at DESC, r.run_id DESC) FILTER (WHERE r.title IS NOT NULL))[1],
          (array_agg(r.input_text ORDER BY r.created_at, r.run_id) FILTER (WHERE r.input_text IS NOT NULL))[1]
        ) AS title ${ofThread('newest.thread_id')}
      ) AS facts
      ORDER BY newest.created_at DESC, newest.thread_id`,
    values: parameters.values,
  };
}
