import { LonghaulError } from '@longhaul/core';
import { emptyQueue, type SavedQueue } from './queued-input.ts';

const prefix = 'longhaul/queue/';

/** The queues of a page that cannot store them. */
const inMemory = new Map<string, string>();
const parsed = new Map<string, { readonly text: string; readonly queue: SavedQueue }>();
const listeners = new Set<() => void>();

function storage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    // The visitor has blocked the storage of this site.
    return undefined;
  }
}

function textOf(threadId: string): string {
  const key = prefix + threadId;
  return inMemory.get(key) ?? storage()?.getItem(key) ?? '';
}

function parse(text: string): SavedQueue {
  try {
    const { entries, removed }: Partial<SavedQueue> = JSON.parse(text);
    const isWhole = Array.isArray(entries) && Array.isArray(removed);
    return isWhole ? { entries: entries.filter((one) => typeof one?.id === 'string'), removed } : emptyQueue;
  } catch {
    // Another program may have written to the storage of the site.
    return emptyQueue;
  }
}

/** The saved queue of a thread. The same object until it changes. */
export function readQueue(threadId: string): SavedQueue {
  const text = textOf(threadId);
  if (text === '') return emptyQueue;
  const known = parsed.get(threadId);
  if (known?.text === text) return known.queue;
  const queue = parse(text);
  parsed.set(threadId, { text, queue });
  return queue;
}

/**
 * Changes the saved queue of a thread, in the storage of the page.
 *
 * @throws LonghaulError `queue_full` if the storage has no space for it
 */
export function updateQueue(threadId: string, change: (queue: SavedQueue) => SavedQueue): void {
  const key = prefix + threadId;
  const queue = change(readQueue(threadId));
  const isEmpty = queue.entries.length === 0 && queue.removed.length === 0;
  const store = storage();
  try {
    if (store === undefined) inMemory.set(key, isEmpty ? '' : JSON.stringify(queue));
    else if (isEmpty) store.removeItem(key);
    else store.setItem(key, JSON.stringify(queue));
  } catch (cause) {
    const message =
      'The input cannot wait for the next turn, because the storage of the page is full. Send it when the turn has ended.';
    throw new LonghaulError('queue_full', message, { cause });
  }
  for (const listener of listeners) listener();
}

/** The most ids of removed inputs that are remembered. */
const remembered = 100;

/** Removes inputs from the queue. The ids of steered inputs are remembered, because these inputs stay in their run. */
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

/** Adds an input to the saved queue. */
export function addToQueue(threadId: string, entry: SavedQueue['entries'][number]): void {
  updateQueue(threadId, (queue) => ({ ...queue, entries: [...queue.entries, entry] }));
}

/** Calls `listener` after a change of any queue, in this page or in another one. */
export function subscribeQueues(listener: () => void): () => void {
  const ofOtherPages = ({ key }: StorageEvent): void => {
    if (key === null || key.startsWith(prefix)) listener();
  };
  listeners.add(listener);
  window.addEventListener?.('storage', ofOtherPages);
  return () => {
    listeners.delete(listener);
    window.removeEventListener?.('storage', ofOtherPages);
  };
}
