import process from 'node:process';
import { errorMessage } from '../../errors/error-message.ts';
import { SnapshotError } from '../../errors/snapshot-error.ts';
import { pendingResponseId } from '../../engine/pending-response.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import { fieldsOf, isJsonObject } from '../../wire/json.ts';
import type { ReceivedMessage, RunHead, RunSnapshot, ThreadRun, ThreadSummary } from '../run-store.ts';
import type { CommitRow, ListedRow, MessageRow, ThreadRow, ThreadRunRow } from './calls.ts';
import { threadIdOf } from '../list-filter.ts';
import { isRetryOf } from '../thread-lists.ts';
import { keyOf, runIdOfKey, runKey } from './run-key.ts';

/**
 * Creates a run from its head and the items of each commit, as text.
 *
 * @throws SnapshotError for text that is not JSON
 */
export function storedRun(runId: string, texts: readonly string[]): RunSnapshot | undefined {
  const [head, ...appended] = texts;
  if (head === undefined) return undefined;
  try {
    return { head: JSON.parse(head), items: appended.flatMap((items): StoredItem[] => JSON.parse(items)) };
  } catch (error) {
    throw new SnapshotError(
      'unreadable_snapshot',
      `Run ${runId} cannot be read: its saved data is damaged (${errorMessage(error)}). Restore it from a backup, or delete it.`,
      { cause: error },
    );
  }
}

/** The columns of a head. Its other fields are internal to the engine. Texts are well-formed, as SQLite stores them. */
export function commitRow(runId: string, head: RunHead): Omit<CommitRow, 'commitId' | 'revision'> {
  const { agent, createdAt, status, updatedAt, title, inputText } = head;
  return {
    runId: runKey(runId),
    agent,
    owner: keyOf(head.owner),
    threadId: runKey(threadIdOf(head)),
    continues: keyOf(head.continues),
    isRetry: isRetryOf(head),
    title: title?.toWellFormed() || undefined,
    inputText: inputText?.toWellFormed() || undefined,
    status,
    createdAt,
    updatedAt,
    responseId: keyOf(pendingResponseId(head)),
    head: JSON.stringify(head),
  };
}

/**
 * Reads a head for a list. A damaged head is replaced by the values of the columns, so that the list is complete, and
 * loading the run reports the damage.
 */
export function listedHead({
  head: text,
  owner: ownerKey,
  threadId: threadKey,
  ...columns
}: ListedRow): RunHead {
  const head = jsonOf(text);
  const { status, revision, commitId } = columns;
  const owner = ownerKey === undefined ? undefined : runIdOfKey(ownerKey);
  const threadId = runIdOfKey(threadKey);
  // A run whose key is empty, or is not a text, has no id.
  const runId = runIdOfKey(columns.runId) || undefined;
  const isWhole =
    isJsonObject(head) &&
    head['runId'] === runId &&
    head['owner'] === owner &&
    (head['threadId'] ?? runId) === threadId &&
    head['status'] === status &&
    head['revision'] === revision &&
    head['commitId'] === commitId;
  // The type of the result is not checked, because a head may be of another version or damaged.
  return JSON.parse(
    isWhole ? text : JSON.stringify({ ...columns, runId, owner, threadId, updatedAt: columns.createdAt }),
  );
}

/** Creates a run of a conversation from its row. The status is not checked, because it may be of another version. */
export function threadRunOfRow(row: ThreadRunRow): ThreadRun {
  const { agent, status, createdAt } = row;
  const [runId, owner, continues] = [row.runId, row.owner, row.continues].map(
    (key) => key && runIdOfKey(key),
  );
  const isRetry = row.isRetry || undefined;
  return JSON.parse(JSON.stringify({ runId, agent, owner, continues, isRetry, status, createdAt }));
}

/** Creates a conversation from its row. The status is not checked, because it may be of another version. */
export function threadOfRow({ threadId, ...row }: ThreadRow): ThreadSummary {
  return JSON.parse(JSON.stringify({ threadId: runIdOfKey(threadId), ...row }));
}

/** The run that waits for a response, of the rows that may. A damaged head waits for none. */
export function runWaitingFor(responseId: string, rows: readonly (readonly string[])[]): string | undefined {
  const found = rows.find(
    ([, head = '']) => pendingResponseId({ phase: fieldsOf(jsonOf(head))['phase'] }) === responseId,
  );
  return runIdOfKey(found?.[0] ?? '') || undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads the rows of an inbox one by one, so that a damaged message does not affect the others. A damaged message
 * becomes `null`, and causes one warning. It stays in the table until a commit deletes it.
 */
export function messageReader(
  path: string,
): (runId: string, rows: readonly MessageRow[]) => ReceivedMessage[] {
  const warned = new Set<string>();
  return (runId, rows) => {
    const damaged: string[] = [];
    const messages = rows.map(({ id, text }): ReceivedMessage => {
      try {
        return { id, message: JSON.parse(text) };
      } catch {
        damaged.push(id);
        return { id, message: null };
      }
    });
    const fresh = damaged.filter((id) => !warned.has(id));
    for (const id of fresh) warned.add(id);
    if (fresh.length > 0) {
      process.emitWarning(
        `${path}: ${fresh.length} of ${rows.length} messages for run ${runId} are damaged and have no effect. Send a decision or a cancel again if it had no effect.`,
        'LonghaulWarning',
      );
    }
    return messages;
  };
}
