import type { JobTable, SendWakes, Wake } from '../wake-store.ts';
import type { Connection, TransactionQuery } from './connection.ts';
import { databaseOf } from './queued-runs.ts';
import { isTrue, numberOf, rawTextOf } from './row.ts';
import { unparked } from './status-group.ts';

/** How many due runs are read from each end. More would be read only to find owners in the middle. */
const oldestRead = 10_000;
const newestRead = 2_000;

/** Only one process at a time moves due runs. */
const lockName = 'longhaul.due';

const time = `(extract(epoch FROM clock_timestamp()) * 1000)::float8::text AS now`;

/** See `WakeStore.now`. */
export async function databaseTime({ query }: Connection): Promise<number> {
  const [row] = await query('read the time of the database', `SELECT ${time}`);
  return row === undefined ? Number.NaN : numberOf(row, 'now');
}

/**
 * While this number of wakes waits, only the first due run of each owner is moved. The order of owners is decided when a
 * run is moved.
 */
const mostWaiting = 1_000;
/** No run is moved while this number of wakes waits. */
const limitOfWaiting = 5_000;

interface Moved {
  readonly moved: number;
  readonly now: number;
}

/**
 * See `WakeStore.moveDue`. The oldest due runs are read, and the newest: an owner with a few new runs is found although
 * another owner has thousands of old ones. Then each owner has a turn.
 */
export async function moveDue(
  connection: Connection,
  jobs: JobTable,
  limit: number,
  send: SendWakes,
): Promise<Moved> {
  const { schema } = connection;
  const [first] = await connection.query(
    'find due runs',
    // An index is not searched for a volatile value, such as that of clock_timestamp().
    `SELECT ${time}, EXISTS (SELECT FROM ${schema}.runs WHERE wake_at <= now())::text AS due`,
  );
  const now = first === undefined ? Number.NaN : numberOf(first, 'now');
  if (first === undefined || !isTrue(first, 'due')) return { moved: 0, now };
  const moved = await connection.transaction('move due runs', async (query, foreign) => {
    const wakes = await chooseDue(schema, jobs, limit, query);
    if (wakes.length > 0) await send(databaseOf(foreign), wakes);
    return wakes.length;
  });
  return { moved, now };
}

async function chooseDue(
  schema: string,
  { table, queue }: JobTable,
  limit: number,
  query: TransactionQuery,
): Promise<Wake[]> {
  const [state] = await query(
    `SELECT pg_try_advisory_xact_lock(hashtext('${lockName}'), hashtext($1))::text AS locked, (
       SELECT count(*) FROM (
         SELECT FROM ${table}
         WHERE name = $2 AND state < 'active' AND NOT blocked AND start_after <= now() LIMIT ${limitOfWaiting}
       ) AS waiting
     )::text AS waiting`,
    [schema, queue],
  );
  if (state === undefined || !isTrue(state, 'locked')) return [];
  const waiting = numberOf(state, 'waiting');
  const most = Math.min(limit, limitOfWaiting - waiting);
  if (most <= 0) return [];
  const inTurn = Math.max(0, mostWaiting - waiting);
  const due = (order: string, read: number): string =>
    `SELECT run_id, owner, wake_at FROM ${schema}.runs WHERE wake_at <= now() ORDER BY wake_at ${order} LIMIT ${read}`;
  const chosen = await query(
    // The newest are not read if the oldest are all.
    `WITH oldest AS MATERIALIZED (${due('ASC', oldestRead)}),
     newest AS (
       SELECT * FROM (${due('DESC', newestRead)}) AS runs WHERE (SELECT count(*) FROM oldest) = ${oldestRead}
     ),
     due AS (SELECT * FROM oldest UNION SELECT * FROM newest),
     ranked AS (
       SELECT run_id, wake_at, row_number() OVER (PARTITION BY owner ORDER BY wake_at) AS turn FROM due
     )
     SELECT run_id AS key, turn::text AS turn FROM (
       SELECT *, row_number() OVER (ORDER BY ranked.turn, wake_at) AS place FROM ranked
     ) AS placed WHERE turn = 1 OR place <= $2 ORDER BY place LIMIT $1`,
    [most, inTurn],
  );
  const turns = new Map(chosen.map((row) => [rawTextOf(row, 'key'), numberOf(row, 'turn')]));
  // In a statement of its own, and with a condition that no index has. The statistics of PostgreSQL do not contain the
  // thousands of runs that have just become due. So a join would read all of them for each run.
  const moved = await query(
    `UPDATE ${schema}.runs SET ${unparked} WHERE run_id = ANY ($1::text[]) AND (wake_at <= now()) IS TRUE
     RETURNING run_id AS key`,
    [[...turns.keys()]],
  );
  return moved.map((row) => {
    const key = rawTextOf(row, 'key');
    return { key, turn: turns.get(key) ?? 1 };
  });
}
