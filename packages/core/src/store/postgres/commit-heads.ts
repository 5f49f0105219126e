import { openStatuses } from '../undriven-runs.ts';
import type { RunCommit } from '../run-store.ts';
import { changedColumns, commitRun, groupsOf, longestResponseId } from './commit-run.ts';
import type { Querying } from './connection.ts';
import type { PostgresValue } from './pool.ts';
import { textOf } from './row.ts';
import { textKey } from './text-key.ts';

const types: Readonly<Record<keyof ReturnType<typeof changedColumns>, string>> = {
  revision: 'bigint',
  commit_id: 'text',
  head: 'text',
  status: 'text',
  owner: 'text',
  updated_at: 'float8',
  iteration: 'integer',
  response_id: 'text',
  resume_manual: 'boolean',
};

/** Whether a commit changes only the head of an open run, as when a worker takes it. */
function isHeadOnly({ revision, head, append, received = [], import: isImport }: RunCommit): boolean {
  const isUpdate = revision > 1 && isImport !== true;
  return isUpdate && append.length === 0 && received.length === 0 && openStatuses.includes(head.status);
}

/**
 * Saves the commits of several runs. Commits that change only heads share one statement, because a separate statement
 * for each costs more than its work. All other commits have their own, and so have those of another revision.
 *
 * @returns a result for each commit, in the same order
 */
export async function commitAll(
  connection: Querying,
  changes: readonly RunCommit[],
): Promise<PromiseSettledResult<void>[]> {
  const heads = new Map(changes.filter(isHeadOnly).map((change) => [textKey(change.runId), change]));
  const saved = heads.size < 2 ? new Set<string>() : await updateHeads(connection, [...heads]);
  return Promise.allSettled(
    changes.map(async (change) => {
      const key = textKey(change.runId);
      if (heads.get(key) !== change || !saved.has(key)) await commitRun(connection, change);
    }),
  );
}

/** Updates the heads of runs that are at the revision before. @returns the keys of these runs */
async function updateHeads(
  { query, schema }: Querying,
  heads: readonly (readonly [key: string, change: RunCommit])[],
): Promise<ReadonlySet<string>> {
  // All processes lock the rows in the same order.
  const sorted = heads.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const rows = sorted.map(([key, change]) => ({
    key,
    before: change.revision - 1,
    columns: changedColumns(change),
    groups: groupsOf(change),
  }));
  const names = Object.keys(types);
  const values = [
    rows.map(({ key }) => key),
    rows.map(({ before }) => String(before)),
    rows.map(({ groups }) => groups[0]),
    rows.map(({ groups }) => groups[1]),
    ...Object.entries(types).map(([name]) => rows.map(({ columns }) => asText(columns[name]))),
  ];
  const arrays = ['text', 'bigint', 'text', 'text', ...Object.values(types)].map(
    (type, index) => `$${index + 1}::${type}[]`,
  );
  const updated = await query(
    'save runs',
    `WITH saved AS (
       UPDATE ${schema}.runs AS r SET ${names.map((name) => `${name} = s.${name}`).join(', ')},
         status_group = CASE WHEN r.queued THEN s.queued_group ELSE s.claimed_group END
       FROM unnest(${arrays.join(', ')}) AS s (run_id, before, claimed_group, queued_group, ${names.join(', ')})
       WHERE r.run_id = s.run_id COLLATE "C" AND r.revision = s.before
       RETURNING r.run_id, r.response_id
     ),
     named AS (
       INSERT INTO ${schema}.responses AS r (run_id, response_id)
       SELECT run_id, response_id FROM saved WHERE length(response_id) <= ${longestResponseId}
       ON CONFLICT (run_id) DO UPDATE SET response_id = excluded.response_id
       WHERE r.response_id <> excluded.response_id
     )
     SELECT run_id FROM saved`,
    values,
  );
  return new Set(updated.map((row) => textOf(row, 'run_id')));
}

function asText(value: PostgresValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
