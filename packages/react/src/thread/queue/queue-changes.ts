import { LonghaulError } from '@longhaul/core';
import type { QueuedInput, SavedQueue } from './queued-input.ts';
import { readQueue, writeFirst, writeQueue } from './queue-storage.ts';

/** The most ids of removed inputs that are remembered. */
const remembered = 100;

/**
 * Changes the saved queue of a thread, in the storage of the page.
 *
 * @throws LonghaulError `queue_full` if the storage has no space for it
 */
function updateQueue(threadId: string, change: (queue: SavedQueue) => SavedQueue): void {
  const before = readQueue(threadId);
  const queue = change(before);
  if (queue === before) return;
  const { entries, removed } = queue;
  const isEmpty = entries.length === 0 && removed.length === 0;
  try {
    writeQueue(threadId, isEmpty ? '' : JSON.stringify({ entries, removed }));
  } catch (cause) {
    const message =
      'The input cannot wait for the next turn, because the storage of the page is full. Send it when the turn has ended.';
    throw new LonghaulError('queue_full', message, { cause });
  }
}

/** The ids of the inputs that are not saved: steered inputs that their run has not used. */
export function steeredOf(threadId: string, ids: readonly string[]): readonly string[] {
  const { entries, first } = readQueue(threadId);
  const saved = new Set([first, ...entries].map((entry) => entry?.id));
  return ids.filter((id) => !saved.has(id));
}

/**
 * Removes inputs from the queue.
 *
 * @param steered Those of them that are steered inputs. Their ids are saved, because these inputs stay in their run.
 */
export function removeFromQueue(
  threadId: string,
  ids: readonly string[],
  steered: readonly string[] = steeredOf(threadId, ids),
): void {
  if (ids.some((id) => id === readQueue(threadId).first?.id)) writeFirst(threadId, undefined);
  updateQueue(threadId, (queue) => {
    const entries = queue.entries.filter(({ id }) => !ids.includes(id));
    const added = steered.filter((id) => !queue.removed.includes(id));
    if (entries.length === queue.entries.length && added.length === 0) return queue;
    return { entries, removed: [...queue.removed, ...added].slice(-remembered) };
  });
}

/** Saves the steered inputs of a queue, before the other inputs. Their run may be replaced, or deleted. */
export function keepInQueue(
  threadId: string,
  queue: readonly QueuedInput[],
  owner: string | undefined,
): void {
  const of = owner === undefined ? {} : { owner };
  updateQueue(threadId, (saved) => {
    const kept = new Set(saved.entries.map(({ id }) => id));
    const steered = queue.filter(({ id }) => !kept.has(id));
    if (steered.length === 0) return saved;
    return {
      entries: [...steered.map((entry) => ({ ...entry, ...of })), ...saved.entries],
      removed: [...saved.removed, ...steered.map(({ id }) => id)].slice(-remembered),
    };
  });
}

/** Adds an input to the saved queue. */
export function addToQueue(threadId: string, entry: SavedQueue['entries'][number]): void {
  updateQueue(threadId, (queue) => ({ ...queue, entries: [...queue.entries, entry] }));
}
