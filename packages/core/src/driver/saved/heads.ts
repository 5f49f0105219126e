import { isOptional, mustBe } from '../../errors/must-be.ts';
import { SnapshotError } from '../../errors/snapshot-error.ts';
import type { RunSummary } from '../../run/runner.ts';
import type { RunFilter, RunHead, RunStore } from '../../store/run-store.ts';
import { checkedFilter } from '../../store/list-filter.ts';
import { threadFields } from '../../engine/view/thread-fields.ts';
import { isTerminalRun, type RunStatus } from '../../engine/view/run-view.ts';
import { runStatuses } from '../../store/undriven-runs.ts';
import { defined } from '../../wire/defined.ts';
import { fieldsOf, wordOf, type JsonObject, type JsonValue } from '../../wire/json.ts';

export function isStatus(status: JsonValue | undefined): status is RunStatus {
  return runStatuses.includes(wordOf(status));
}

/** Whether a head's owner is valid. Heads of runs without an owner, and of older versions, do not have the field. */
export function isSavedOwner(owner: JsonValue | undefined): boolean {
  return owner === undefined || (typeof owner === 'string' && owner !== '');
}

/** Whether the fields of a head that describe its place in a conversation are valid. Heads of older versions have none. */
export function isSavedPlace({ threadId, continues, title, inputText }: JsonObject): boolean {
  return [threadId, continues, title, inputText].every((text) => isOptional(text, 'string'));
}

/** @param runId The run's id, if the caller knows it. A damaged snapshot may not contain it. */
export function unreadable(runId: unknown): SnapshotError {
  const name = typeof runId === 'string' ? `Run ${runId}` : 'The saved run';
  return new SnapshotError(
    'unreadable_snapshot',
    `${name} cannot be read: it must be { head, items } as \`run.snapshot()\` returns it.`,
  );
}

/**
 * Separates the heads that a store lists: the heads with readable public fields, and an error for each other head.
 *
 * @throws ConfigurationError if the answer is not a list
 */
export function readHeads(listed: readonly RunHead[]): {
  readonly heads: readonly RunHead[];
  readonly errors: readonly SnapshotError[];
} {
  const heads: RunHead[] = [];
  const errors: SnapshotError[] = [];
  mustBe(Array.isArray(listed), 'store', 'list', 'a function that returns an array');
  for (const head of listed) {
    const fields = fieldsOf(head);
    const { runId, agent, owner, status } = fields;
    const isNamed = typeof runId === 'string' && typeof agent === 'string';
    if (isNamed && isSavedOwner(owner) && isSavedPlace(fields) && isStatus(status)) heads.push(head);
    else errors.push(unreadable(runId));
  }
  return { heads, errors };
}

/** The public fields of a head that {@link readHeads} has checked. */
function summaryOf(head: RunHead): RunSummary {
  const { status, revision, usage, createdAt, updatedAt, halted, inputText = '' } = head;
  // Heads of older versions have no time of the end. They were not saved after it.
  const endedAt = isTerminalRun(status) ? (head.endedAt ?? updatedAt) : undefined;
  const times = { createdAt, updatedAt, ...defined({ endedAt }) };
  return {
    ...threadFields(head),
    input: inputText,
    status,
    revision,
    usage,
    ...times,
    ...defined({ halted }),
  };
}

/** The runs that match the filter. Runs with damaged heads are left out. */
export async function listRuns(store: RunStore, filter?: RunFilter): Promise<RunSummary[]> {
  const listed = await store.list(checkedFilter(filter));
  return readHeads(listed).heads.map(summaryOf);
}
