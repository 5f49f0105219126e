import { isTerminalRun } from '../../engine/view/run-view.ts';
import type { InboxMessage, RunCommit } from '../run-store.ts';
import type { SendWakes, TransactionDatabase } from '../wake-store.ts';
import { commitRun } from './commit-run.ts';
import type { Connection, ForeignQuery, Querying, TransactionQuery } from './connection.ts';
import { postMessage } from './inbox-table.ts';
import { isTrue, numberOf } from './row.ts';
import { activeGroup, unparked } from './status-group.ts';
import { textKey } from './text-key.ts';
import { watchRuns } from './watched-runs.ts';

/** The transaction, as pg-boss takes it. */
export function databaseOf(foreign: ForeignQuery): TransactionDatabase {
  return { executeSql: foreign };
}

/** A transaction, for functions that perform their statements anywhere. */
function queryingOf({ schema }: Connection, query: TransactionQuery): Querying {
  return { schema, query: (_action, text, values) => query(text, values) };
}

/** See `WakeStore.start`. */
export async function startRun(
  connection: Connection,
  change: RunCommit,
  watchedMs: number,
  send: SendWakes,
): Promise<void> {
  const { runId, head } = change;
  await connection.transaction(`start run ${runId}`, async (query, foreign) => {
    const transaction = queryingOf(connection, query);
    await commitRun(transaction, change, true);
    if (watchedMs > 0) await watchRuns(transaction, [runId], watchedMs);
    if (isTerminalRun(head.status)) return;
    // A repeated start, whose answer was lost, finds the run in any place. A parked run must not get a job.
    const [run] = await query(
      `SELECT (wake_at IS NULL AND halted_since IS NULL)::text AS free, (${startedOf(connection)})::text AS started
       FROM ${connection.schema}.runs AS run WHERE run_id = $1`,
      [textKey(runId)],
    );
    if (run === undefined || !isTrue(run, 'free')) return;
    await send(databaseOf(foreign), [{ key: textKey(runId), turn: Math.max(1, numberOf(run, 'started')) }]);
  });
}

/** How many of the newest runs of an owner are counted at a start. */
const newestCounted = 100;

/**
 * The number of recent runs of the owner that no worker has taken, including this one. An owner who starts thousands of
 * runs takes turns with the others.
 */
function startedOf({ schema }: Connection): string {
  return `SELECT count(*) FROM (
    SELECT revision, status_group FROM ${schema}.runs AS other WHERE other.owner = run.owner
    ORDER BY created_at DESC LIMIT ${newestCounted}
  ) AS newest WHERE revision = 1 AND status_group = '${activeGroup}'`;
}

/**
 * See `WakeStore.post`. The transaction locks the run. So a worker that parks the run at the same time finds the message,
 * or has parked the run before, and then the run is woken here.
 * A halted run is woken only to be cancelled.
 *
 * @returns whether the run was woken
 */
export async function postAndWake(
  connection: Connection,
  runId: string,
  message: InboxMessage,
  send: SendWakes,
): Promise<boolean> {
  const { schema } = connection;
  const key = textKey(runId);
  return connection.transaction(`post to run ${runId}`, async (query, foreign) => {
    const [run] = await query(
      `SELECT (wake_at IS NOT NULL OR (halted_since IS NOT NULL AND $2::boolean))::text AS parked
       FROM ${schema}.runs WHERE run_id = $1 FOR UPDATE`,
      [key, isCancel(message)],
    );
    await postMessage(queryingOf(connection, query), runId, message);
    if (run === undefined || !isTrue(run, 'parked')) return false;
    await query(`UPDATE ${schema}.runs SET ${unparked} WHERE run_id = $1`, [key]);
    await send(databaseOf(foreign), [{ key, turn: 1 }]);
    return true;
  });
}

function isCancel(message: InboxMessage): boolean {
  return Object(message).type === 'cancel_asked';
}
