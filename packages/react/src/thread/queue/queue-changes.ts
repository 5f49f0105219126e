import { LonghaulError } from '@longhaul/core';
import { type QueuedInput, runOf, type SavedInput, type WaitingInput } from './queued-input.ts';
import {
  forgetRemoved,
  keepEntry,
  readQueue,
  removeEntry,
  saveEntry,
  saveFirst,
  saveRemoved,
} from './queue-storage.ts';

/** The most ids of removed steered inputs that a thread remembers. */
const mostRemoved = 100;

/** Remembers that these steered inputs no longer wait in the run that has not used them. */
function rememberRemoved(threadId: string, ids: readonly string[]): void {
  for (const id of ids) saveRemoved(threadId, id);
  const { removed } = readQueue(threadId);
  for (const id of removed.slice(0, Math.max(0, removed.length - mostRemoved))) forgetRemoved(threadId, id);
}

/** Removes the first input of a conversation. The next one takes its place. */
function removeFirst(threadId: string, first: SavedInput, entries: readonly SavedInput[]): void {
  const [next, ...others] = entries.filter(({ after }) => after === first.id);
  saveFirst(threadId, next && { ...next, at: first.at });
  if (next !== undefined) removeEntry(threadId, next.id);
  for (const entry of others) keepEntry(threadId, { ...entry, after: next?.id ?? first.id });
}

/** Removes an input of the queue: a saved one, or a steered one. */
export function removeFromQueue(threadId: string, id: string): void {
  const { entries, first } = readQueue(threadId);
  if (first?.id === id) removeFirst(threadId, first, entries);
  else if (entries.some((entry) => entry.id === id)) removeEntry(threadId, id);
  else rememberRemoved(threadId, [id]);
}

/** Removes the inputs that have become these runs. */
export function removeSent(threadId: string, runIds: readonly string[]): void {
  const { entries, first } = readQueue(threadId);
  if (first !== undefined && runIds.includes(first.id)) saveFirst(threadId, undefined);
  for (const entry of entries) if (runIds.includes(runOf(entry))) removeEntry(threadId, entry.id);
}

/** Saves the steered inputs of a queue, before the other inputs. Their run may be replaced, or deleted. */
export function keepInQueue(
  threadId: string,
  queue: readonly QueuedInput[],
  owner: string | undefined,
): void {
  const { entries } = readQueue(threadId);
  const saved = new Set(entries.map(({ id }) => id));
  const steered = queue.filter(({ id }) => !saved.has(id));
  const before = (entries[0]?.at ?? Date.now()) - steered.length;
  for (const [index, { id, input }] of steered.entries())
    keepEntry(threadId, { id, input, at: before + index, ...(owner === undefined ? {} : { owner }) });
  rememberRemoved(
    threadId,
    steered.map(({ id }) => id),
  );
}

/** Saves that a page sends these inputs as one run. */
export function markSent(threadId: string, ids: readonly string[], runId: string): void {
  for (const entry of readQueue(threadId).entries)
    if (ids.includes(entry.id)) keepEntry(threadId, { ...entry, sentAs: runId, isHeld: false });
}

/** Another run takes the place of these runs: for their inputs, and for those that follow them. */
export function replaceRuns(threadId: string, replaced: readonly string[], runId: string): void {
  for (const entry of readQueue(threadId).entries) {
    const isOf = replaced.includes(runOf(entry));
    const follows = entry.after !== undefined && replaced.includes(entry.after);
    if (isOf || follows)
      keepEntry(threadId, {
        ...entry,
        ...(isOf ? { sentAs: runId } : {}),
        ...(follows ? { after: runId } : {}),
      });
  }
}

/** Inputs of the queue wait for the next `send`, although a page may have begun to send them. */
export function holdEntries(threadId: string, ids: readonly string[]): void {
  for (const entry of readQueue(threadId).entries)
    if (ids.includes(entry.id)) keepEntry(threadId, { ...entry, isHeld: true });
}

/** The inputs of a run that is not saved yet wait for the next `send`. */
export function holdSent(threadId: string, runId: string): void {
  const { entries, first } = readQueue(threadId);
  const isOf = (entry: SavedInput): boolean => runOf(entry) === runId;
  for (const entry of entries) if (isOf(entry)) keepEntry(threadId, { ...entry, isHeld: true });
  if (first !== undefined && isOf(first)) saveFirst(threadId, { ...first, isHeld: true });
}

/**
 * Adds an input at the end of the saved queue.
 *
 * @throws LonghaulError `queue_full` if the storage of the page has no space for it
 */
export function addToQueue(threadId: string, entry: WaitingInput): void {
  const last = readQueue(threadId).entries.at(-1)?.at ?? 0;
  if (saveEntry(threadId, { ...entry, at: Math.max(Date.now(), last + 1) })) return;
  throw new LonghaulError(
    'queue_full',
    'The input cannot wait, because the storage of the page is full. Remove a waiting input, or send this one when the turn has ended.',
  );
}
