import { StoreError } from '../../errors/store-error.ts';
import { pendingResponseId } from '../../engine/pending-response.ts';
import { checkRevision } from '../check-revision.ts';
import { threadIdOf } from '../list-filter.ts';
import type { RunCommit, RunHead } from '../run-store.ts';
import { isRetryOf } from '../thread-lists.ts';
import { openStatuses } from '../undriven-runs.ts';
import type { Querying } from './connection.ts';
import { Parameters } from './parameters.ts';
import type { PostgresValue } from './pool.ts';
import { numberOf, textOf } from './row.ts';
import { statusGroup } from './status-group.ts';
import { optionalKey, textKey } from './text-key.ts';

/** A response with a longer id cannot be found by it. An index has limited entries, and the API's ids are shorter. */
export const longestResponseId = 512;

interface Statement {
  readonly text: string;
  readonly values: readonly PostgresValue[];
}

/** The columns that a commit may change. Its other columns are written with the first commit of a run. */
export function changedColumns({ commitId, head, revision }: RunCommit): Record<string, PostgresValue> {
  const { halted: _, ...saved } = head;
  return {
    revision,
    commit_id: textKey(commitId),
    head: JSON.stringify(saved),
    status: textKey(head.status),
    owner: optionalKey(head.owner),
    updated_at: head.updatedAt,
    iteration: iterationOf(head),
    response_id: optionalKey(pendingResponseId(head)),
    // The permission to continue is for one attempt, which begins with the save of its epoch.
    resume_manual: false,
    ...(isOver(head) && nothingAwaited),
  };
}

/** The groups of the status, for a run with claims and for a run of a queue. */
export function groupsOf({ head }: RunCommit): readonly [claimed: string, queued: string] {
  return [statusGroup(textKey(head.status), false), statusGroup(textKey(head.status), true)];
}

/** A run that is over waits for nothing, even if another worker has parked or halted it in the meantime. */
const nothingAwaited = { wake_at: null, halted_reason: null, halted_since: null, halted_version: null };

function isOver({ status }: RunHead): boolean {
  return !openStatuses.includes(status);
}

function firstColumns({ head, runId }: RunCommit): Record<string, PostgresValue> {
  const { agent, createdAt, title, inputText } = head;
  return {
    run_id: textKey(runId),
    agent: textKey(agent),
    thread_id: textKey(threadIdOf(head)),
    continues: optionalKey(head.continues),
    is_retry: isRetryOf(head),
    // The other stores save well-formed texts, because a database cannot store half a character.
    title: optionalKey(title?.toWellFormed() || undefined),
    input_text: optionalKey(inputText?.toWellFormed() || undefined),
    created_at: createdAt,
  };
}

function iterationOf({ iteration }: RunHead): number {
  return Number.isInteger(iteration) ? iteration : 0;
}

/** The statement of one save: `saving` writes the row of `runs`, and the other parts depend on its result. */
function statementOf(
  { schema }: Querying,
  change: RunCommit,
  runId: string,
  saving: string,
  parameters: Parameters,
): Statement {
  const { append, head, received = [] } = change;
  const parts = [`saved AS (${saving} RETURNING run_id, item_count)`];
  if (append.length > 0) {
    const position = `item_count - ${parameters.add(append.length)}::integer`;
    const iteration = `${parameters.add(iterationOf(head))}::integer`;
    parts.push(
      `added AS (INSERT INTO ${schema}.items (run_id, position, iteration, items)
         SELECT run_id, ${position}, ${iteration}, ${parameters.add(JSON.stringify(append))} FROM saved)`,
    );
  }
  if (received.length > 0) {
    // As text, because an id that is not a number must not fail the statement.
    parts.push(
      `gone AS (DELETE FROM ${schema}.inbox WHERE run_id = ${runId}
         AND id::text = ANY (${parameters.add([...received])}::text[]) AND EXISTS (SELECT FROM saved))`,
    );
  }
  const responseId = pendingResponseId(head);
  if (responseId !== undefined && responseId.length <= longestResponseId) {
    parts.push(
      `named AS (INSERT INTO ${schema}.responses AS r (run_id, response_id)
         SELECT run_id, ${parameters.add(textKey(responseId))} FROM saved ON CONFLICT (run_id) DO UPDATE
         SET response_id = excluded.response_id WHERE r.response_id <> excluded.response_id)`,
    );
  }
  // The row of a run that no longer waits for the response stays until the next one, because `findByResponse` checks it.
  if (isOver(head))
    parts.push(
      `over AS (DELETE FROM ${schema}.responses WHERE run_id = ${runId} AND EXISTS (SELECT FROM saved))`,
    );
  return { text: `WITH ${parts.join(', ')} SELECT 1 FROM saved`, values: parameters.values };
}

/** Inserts the run, unless it is stored. */
function insertion(connection: Querying, change: RunCommit, isQueued: boolean): Statement {
  const parameters = new Parameters();
  const fixed = { ...firstColumns(change), queued: isQueued };
  const status_group = groupsOf(change)[isQueued ? 1 : 0];
  const columns = { ...fixed, ...changedColumns(change), status_group, item_count: change.append.length };
  const places = Object.values(columns).map((value) => parameters.add(value));
  const saving = `INSERT INTO ${connection.schema}.runs (${Object.keys(columns).join(', ')})
    VALUES (${places.join(', ')}) ON CONFLICT (run_id) DO NOTHING`;
  return statementOf(connection, change, places[0] ?? '', saving, parameters);
}

/** Updates the run, if it is at the revision before. */
function update(connection: Querying, change: RunCommit): Statement {
  const parameters = new Parameters();
  const runId = parameters.add(textKey(change.runId));
  const before = parameters.add(change.revision - 1);
  const columns = Object.entries(changedColumns(change)).map(
    ([name, value]) => `${name} = ${parameters.add(value)}`,
  );
  const [claimed, queued] = groupsOf(change).map((group) => parameters.add(group));
  columns.push(`status_group = CASE WHEN queued THEN ${queued} ELSE ${claimed} END`);
  const count = `item_count = item_count + ${parameters.add(change.append.length)}::integer`;
  const saving = `UPDATE ${connection.schema}.runs SET ${[...columns, count].join(', ')}
    WHERE run_id = ${runId} AND revision = ${before}`;
  return statementOf(connection, change, runId, saving, parameters);
}

/** How often a commit is attempted while other processes delete and create runs with its id. */
const mostAttempts = 5;

/**
 * Saves a commit, in one statement and one round trip. If the run is not at the revision before, a second query explains
 * why.
 *
 * @param isQueued Whether the workers of a queue drive the run, if the commit inserts it.
 * @throws StoreError `conflict`
 */
export async function commitRun(
  connection: Querying,
  change: RunCommit,
  isQueued: boolean = false,
): Promise<void> {
  const { runId, revision } = change;
  const action = `save run ${runId}`;
  let isNew = revision === 1 || change.import === true;
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const { text, values } = isNew ? insertion(connection, change, isQueued) : update(connection, change);
    if ((await connection.query(action, text, values)).length > 0) return;
    const [row] = await connection.query(
      action,
      `SELECT revision::text, commit_id FROM ${connection.schema}.runs WHERE run_id = $1`,
      [textKey(runId)],
    );
    const stored = row && { revision: numberOf(row, 'revision'), commitId: textOf(row, 'commit_id') };
    if (!checkRevision(stored, change)) return;
    isNew = stored === undefined;
  }
  throw new StoreError(
    'unavailable',
    `The store could not ${action}: other processes change it at the same time.`,
  );
}
