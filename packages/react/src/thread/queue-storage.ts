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
    return isWhole ? { entries: entries.filter((one) => one?.id && one.input?.length), removed } : emptyQueue;
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
 * Replaces the saved queue of a thread. An empty text removes it.
 *
 * @throws DOMException if the storage of the page has no space for it
 */
export function writeQueue(threadId: string, text: string): void {
  const key = prefix + threadId;
  const store = storage();
  if (store === undefined) inMemory.set(key, text);
  else if (text === '') store.removeItem(key);
  else store.setItem(key, text);
  for (const listener of listeners) listener();
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
