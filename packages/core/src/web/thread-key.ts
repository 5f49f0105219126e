import type { RunStatus } from '../engine/view/run-view.ts';
import { threadIdOf } from '../store/list-filter.ts';
import type { RunHead, ThreadRun } from '../store/run-store.ts';
import { isRetryOf } from '../store/thread-lists.ts';
import { defined } from '../wire/defined.ts';

/** A text that may be absent. A key cannot contain undefined or null, and no text equals the number 0. */
type Optional = string | 0;

/**
 * The key of a run in its conversation. It has all fields of a `ThreadRun`, in the order of `listThreadRuns`, so that
 * the runs of a conversation are read without their records.
 */
export type ThreadKey = [
  threadId: string,
  createdAt: number,
  runId: string,
  agent: string,
  owner: Optional,
  continues: Optional,
  isRetry: 0 | 1,
  status: RunStatus,
];

export function threadKeyOf(head: RunHead): ThreadKey {
  const { createdAt, runId, agent, owner = 0, continues = 0, status } = head;
  return [threadIdOf(head), createdAt, runId, agent, owner, continues, isRetryOf(head) ? 1 : 0, status];
}

export function threadRunOfKey([
  ,
  createdAt,
  runId,
  agent,
  owner,
  continues,
  isRetry,
  status,
]: ThreadKey): ThreadRun {
  const optional = {
    owner: owner === 0 ? undefined : owner,
    continues: continues === 0 ? undefined : continues,
    isRetry: isRetry === 1 || undefined,
  };
  return { runId, agent, ...defined(optional), status, createdAt };
}

/** The range of the keys of a conversation: an array is greater than any number. */
export function keysOfThread(threadId: string): IDBKeyRange {
  return IDBKeyRange.bound([threadId], [threadId, []]);
}
