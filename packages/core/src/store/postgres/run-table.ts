import { checkedFilter } from '../list-filter.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import { itemsOfTexts } from '../run-of-texts.ts';
import type { RunFilter, RunHead, RunSnapshot } from '../run-store.ts';
import type { Connection } from './connection.ts';
import { Parameters } from './parameters.ts';
import { listedRun, storedRun } from './read-rows.ts';
import { numberOf, rawTextOf } from './row.ts';
import { activeGroup, mayBeActive } from './status-group.ts';
import { textKey } from './text-key.ts';

/** The columns of the head, whose place is -1, and of the items. Numbers are text, because a result may be binary. */
const inOrder = 'SELECT parts.*, parts.position::text AS place';

/** Loads a run. One statement reads the head and the items: with two, a save between them would be inconsistent. */
export async function loadRun(connection: Connection, runId: string): Promise<RunSnapshot | undefined> {
  const { schema } = connection;
  const rows = await connection.query(
    `load run ${runId}`,
    `${inOrder} FROM (
       SELECT -1 AS position, head AS json, halted_reason, ${haltedSince} FROM ${schema}.runs WHERE run_id = $1
       UNION ALL SELECT position, items, NULL, NULL FROM ${schema}.items WHERE run_id = $1
     ) AS parts ORDER BY parts.position`,
    [textKey(runId)],
  );
  return storedRun(runId, rows);
}

/** The newest part of a saved run, as `loadRecent` returns it. */
export interface RecentRun extends RunSnapshot {
  /** The number of items before `items`. */
  readonly omitted: number;
}

/**
 * Loads the head of a run, and the items of the commits of its last two iterations. Reads no more than that, so that the
 * cost of a wake does not grow with the run.
 */
export async function loadRecent(connection: Connection, runId: string): Promise<RecentRun | undefined> {
  const { schema } = connection;
  // The number of an iteration may also fall: an import saves all items with one commit. So the search goes back to the
  // last commit of an earlier iteration.
  const rows = await connection.query(
    `load run ${runId}`,
    `WITH head AS MATERIALIZED (
       SELECT head, halted_reason, halted_since, iteration, item_count FROM ${schema}.runs WHERE run_id = $1
     ), earlier AS MATERIALIZED (
       SELECT position FROM ${schema}.items
       WHERE run_id = $1 AND iteration < (SELECT iteration - 1 FROM head) ORDER BY position DESC LIMIT 1
     )
     ${inOrder} FROM (
       SELECT -1 AS position, head AS json, halted_reason, ${haltedSince}, item_count::text AS count FROM head
       UNION ALL SELECT position, items, NULL, NULL, NULL FROM ${schema}.items
       WHERE run_id = $1 AND position > coalesce((SELECT position FROM earlier), -1)
     ) AS parts ORDER BY parts.position`,
    [textKey(runId)],
  );
  const run = storedRun(runId, rows);
  const [head, first] = rows;
  if (run === undefined || head === undefined) return undefined;
  return { ...run, omitted: first === undefined ? numberOf(head, 'count') : numberOf(first, 'place') };
}

/** The run whose items were omitted, and their number. */
interface EarlierItems {
  readonly head: Pick<RunHead, 'createdAt' | 'runId'>;
  readonly omitted: number;
}

/**
 * Loads the items that `loadRecent` has omitted. Together with its items they are the items that `load` would have
 * returned then. The run may have been saved in the meantime.
 *
 * @returns undefined if the run was deleted in the meantime, even if another run with its id is stored
 */
export async function loadEarlier(
  connection: Connection,
  { head, omitted }: EarlierItems,
): Promise<StoredItem[] | undefined> {
  const { runId, createdAt } = head;
  const { schema } = connection;
  const rows = await connection.query(
    `load the items of run ${runId}`,
    `${inOrder} FROM (
       SELECT -1 AS position, '[]' AS json FROM ${schema}.runs WHERE run_id = $1 AND created_at = $2
       UNION ALL SELECT position, items FROM ${schema}.items WHERE run_id = $1 AND position < $3
     ) AS parts ORDER BY parts.position`,
    [textKey(runId), createdAt, omitted],
  );
  const [first, ...items] = rows;
  if (first === undefined || numberOf(first, 'place') !== -1) return undefined;
  const loaded = itemsOfTexts(
    runId,
    items.map((row) => rawTextOf(row, 'json')),
  );
  return loaded.length === omitted ? loaded : undefined;
}

/** When a run was halted, in milliseconds since the epoch. */
const haltedSince = `round(extract(epoch FROM halted_since) * 1000)::text AS halted_since`;

/** Returns the heads of the matching runs. Does not read items. */
export async function listRuns(connection: Connection, given: RunFilter | undefined): Promise<RunHead[]> {
  const filter = checkedFilter(given);
  const { text, values } = listQuery(connection, filter);
  return (await connection.query('list runs', text, values)).map(listedRun);
}

/** Deletes a run and everything that belongs to it. */
export async function deleteRun(connection: Connection, runId: string): Promise<void> {
  const { schema } = connection;
  const values = [textKey(runId)];
  await connection.transaction(`delete run ${runId}`, async (query) => {
    // First, and in a statement of its own: it waits for a commit in progress, whose items the next ones then see.
    await query(`DELETE FROM ${schema}.runs WHERE run_id = $1`, values);
    for (const table of ['items', 'responses', 'claims', 'inbox', 'watches'])
      await query(`DELETE FROM ${schema}.${table} WHERE run_id = $1`, values);
  });
}

/**
 * The statement for `list`. Each filter has one suitable index. PostgreSQL might choose another one, by estimates that
 * are wrong by orders of magnitude, so the others cannot be used. The order by `-created_at` is only in the index of all
 * runs, and `created_at DESC` only in the other indices. A text that is compared with `|| ''` has no index.
 */
function listQuery(
  { schema }: Connection,
  { after, agent, limit, owner, runId, status, threadId }: RunFilter,
): { readonly text: string; readonly values: Parameters['values'] } {
  const parameters = new Parameters();
  const conditions: string[] = [];
  const ofThread = threadId !== undefined;
  const ofOwner = owner !== undefined;
  const ofStatus = status !== undefined && !ofThread && !ofOwner;
  if (runId !== undefined) conditions.push(`run_id = ${parameters.add(textKey(runId))}`);
  if (agent !== undefined) conditions.push(`agent = ${parameters.add(textKey(agent))}`);
  if (threadId !== undefined) conditions.push(`thread_id = ${parameters.add(textKey(threadId))}`);
  if (owner !== undefined)
    conditions.push(`${ofThread ? `owner || ''` : 'owner'} = ${parameters.add(textKey(owner))}`);
  if (after !== undefined) {
    const key = parameters.add(textKey(after));
    // A deleted cursor is NULL and ends the list. Starting from the beginning would make a paging loop endless (I9).
    const cursor = `(SELECT c.created_at FROM ${schema}.runs AS c WHERE c.run_id = ${key})`;
    conditions.push(
      ofThread || ofOwner || ofStatus
        ? `created_at <= ${cursor} AND (created_at < ${cursor} OR run_id > ${key})`
        : `(-created_at, run_id) > (-${cursor}, ${key})`,
    );
  }
  const order = `ORDER BY ${ofThread || ofOwner || ofStatus ? 'created_at DESC' : '-created_at'}, run_id`;
  const limited = limit === undefined ? '' : `LIMIT ${limit}`;
  const columns = `run_id, agent, owner, thread_id, status, created_at::text AS created, revision::text AS revision,
    commit_id, head, halted_reason, ${haltedSince}`;
  const select = (condition: string): string => {
    const where = [...conditions, condition].filter((one) => one !== '').join(' AND ');
    return `SELECT ${columns}, created_at FROM ${schema}.runs ${where && `WHERE ${where}`} ${order} ${limited}`;
  };
  if (status === undefined) return { text: select(''), values: parameters.values };
  const statuses = [...new Set([status].flat())];
  // `coalesce` hides the condition from the estimates. PostgreSQL would expect few matches, and sort all other runs.
  const isOneOf = (some: readonly string[]): string =>
    `coalesce(status = ANY (${parameters.add(some.map(textKey))}::text[]), false)`;
  if (!ofStatus) return { text: select(isOneOf(statuses)), values: parameters.values };
  // One search of the index for each group. A group of one status needs no other condition.
  const groups = parameters.add(statuses.map(textKey));
  const searches = [
    `SELECT found.* FROM unnest(${groups}::text[]) AS asked (status_group),
       LATERAL (${select('status_group = asked.status_group')}) AS found`,
  ];
  const active = statuses.filter(mayBeActive);
  if (active.length > 0)
    searches.push(`(${select(`status_group = '${activeGroup}' AND ${isOneOf(active)}`)})`);
  return {
    text: `SELECT * FROM (${searches.join(' UNION ALL ')}) AS found ${order} ${limited}`,
    values: parameters.values,
  };
}
