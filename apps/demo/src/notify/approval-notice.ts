import type { RunStatus } from '@longhaul/core';

/** The parts of a conversation that a notice needs. */
export interface NoticedThread {
  readonly threadId: string;
  readonly title: string;
  readonly status: RunStatus;
}

/** The conversations that have begun to wait for the visitor since `before`. */
export function newlyWaiting(
  before: readonly NoticedThread[] | undefined,
  now: readonly NoticedThread[],
): readonly NoticedThread[] {
  // A page that has just been opened shows what waits. It does not notify about it.
  if (before === undefined) return [];
  const waited = new Set(
    before.filter(({ status }) => status === 'requires_action').map(({ threadId }) => threadId),
  );
  return now.filter(({ threadId, status }) => status === 'requires_action' && !waited.has(threadId));
}
