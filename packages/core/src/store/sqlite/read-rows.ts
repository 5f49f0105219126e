import { pendingResponseId } from '../../engine/pending-response.ts';
import { fieldsOf } from '../../wire/json.ts';
import { listedHead, type ListedRow } from '../listed-head.ts';
import type { RunHead, ThreadRun, ThreadSummary } from '../run-store.ts';
import type { CommitRow, ThreadRow, ThreadRunRow } from './calls.ts';
import { threadIdOf } from '../list-filter.ts';
import { isRetryOf } from '../thread-lists.ts';
import { keyOf, runIdOfKey, runKey } from './run-key.ts';

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

/** Reads a head for a list. */
export function listedRun({ owner, runId, threadId, ...row }: ListedRow): RunHead {
  return listedHead({
    ...row,
    runId: runIdOfKey(runId),
    owner: owner === undefined ? undefined : runIdOfKey(owner),
    threadId: runIdOfKey(threadId),
  });
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
