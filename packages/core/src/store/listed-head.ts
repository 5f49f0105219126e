import { isJsonObject } from '../wire/json.ts';
import type { RunHead } from './run-store.ts';

/** A row of a database's table of runs: the head as text, and the columns that filters of a list use. */
export interface ListedRow {
  readonly runId: string;
  readonly agent: string;
  readonly owner: string | undefined;
  readonly threadId: string;
  readonly status: string;
  readonly createdAt: number;
  readonly revision: number;
  readonly commitId: string;
  readonly head: string;
}

/**
 * Reads a head for a list. A damaged head is replaced by the values of the columns, so that the list is complete, and
 * loading the run reports the damage.
 */
export function listedHead({ head: text, ...columns }: ListedRow): RunHead {
  const head = jsonOf(text);
  const { owner, threadId, status, revision, commitId } = columns;
  // A run whose id is empty has none.
  const runId = columns.runId || undefined;
  const isWhole =
    isJsonObject(head) &&
    head['runId'] === runId &&
    head['owner'] === owner &&
    (head['threadId'] ?? runId) === threadId &&
    head['status'] === status &&
    head['revision'] === revision &&
    head['commitId'] === commitId;
  // The type of the result is not checked, because a head may be of another version or damaged.
  return JSON.parse(isWhole ? text : JSON.stringify({ ...columns, runId, updatedAt: columns.createdAt }));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
