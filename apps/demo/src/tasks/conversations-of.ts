import type { RunStatus, RunSummary, ThreadFilter, ThreadSummary } from '@longhaul/core';

/** The conversations of the list: those with the newest runs. */
export const listFilter = { limit: 100 } as const satisfies ThreadFilter;

/** An entry of the list of conversations. */
export interface Conversation {
  readonly threadId: string;
  /** Differs from the titles of all other entries. */
  readonly title: string;
  readonly status: RunStatus;
  readonly updatedAt: number;
  /** The milliseconds of all turns that have ended. Undefined if the turns are not known. */
  readonly durationMs: number | undefined;
}

function durations(runs: readonly RunSummary[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { threadId, createdAt, endedAt } of runs) {
    if (endedAt !== undefined) sums.set(threadId, (sums.get(threadId) ?? 0) + endedAt - createdAt);
  }
  return sums;
}

/** The list of conversations. Conversations with the same title are numbered, the oldest first. */
export function conversationsOf(
  threads: readonly ThreadSummary[],
  runs: readonly RunSummary[],
): readonly Conversation[] {
  const times = durations(runs);
  const seen = new Map<string, number>();
  const entries = threads.toReversed().map(({ threadId, title, status, updatedAt }): Conversation => {
    const name = title === '' ? 'Conversation' : title;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const distinct = count === 1 ? name : `${name} (${count})`;
    return { threadId, title: distinct, status, updatedAt, durationMs: times.get(threadId) };
  });
  return entries.toReversed();
}

/** The title of a conversation in the list. Undefined if it is not in the list. */
export function listedTitle(threads: readonly ThreadSummary[], threadId: string): string | undefined {
  return conversationsOf(threads, []).find((one) => one.threadId === threadId)?.title;
}

/** The conversations whose title contains all words. */
export function searchConversations(
  conversations: readonly Conversation[],
  words: string,
): readonly Conversation[] {
  const wanted = words.toLowerCase().split(/\s+/);
  return conversations.filter(({ title }) => {
    const text = title.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
