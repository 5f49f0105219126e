import { LonghaulError } from '@longhaul/core';
import type { QueuedInput, SavedQueue } from './queued-input.ts';
import { readQueue, writeQueue } from './queue-storage.ts';

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
  const isEmpty = queue.entries.length === 0 && queue.removed.length === 0;
  try {
    writeQueue(threadId, isEmpty ? '' : JSON.stringify(queue));
  } catch (cause) {
    const message =
      'The input cannot wait for the next turn, because the storage of the page is full. Send it when the turn has ended.';
    throw new LonghaulError('queue_full', message, { cause });
  }
}

/** Removes inputs from the queue. The ids of steered inputs are saved, because these inputs stay in their run. */
export function removeFromQueue(threadId: string, ids: readonly string[]): void {
  updateQueue(threadId, ({ entries, removed }) => {
    const saved = new Set(entries.map(({ id }) => id));
    const steered = ids.filter((id) => !saved.has(id) && !removed.includes(id));
    return {
      entries: entries.filter(({ id }) => !ids.includes(id)),
      removed: [...removed, ...steered].slice(-remembered),
    };
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
