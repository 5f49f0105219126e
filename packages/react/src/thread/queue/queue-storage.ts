import { emptyQueue, type SavedInput, type SavedQueue } from './queued-input.ts';

const prefix = 'longhaul/queue/';
const firstPrefix = 'longhaul/first/';

/** The queues of a page that cannot store them. */
const inMemory = new Map<string, string>();
const parsed = new Map<string, { readonly text: string; readonly queue: SavedQueue }>();
const listeners = new Set<() => void>();

function storage(name: 'localStorage' | 'sessionStorage' = 'localStorage'): Storage | undefined {
  try {
    return globalThis[name];
  } catch {
    // The visitor has blocked the storage of this site.
    return undefined;
  }
}

function textOf(threadId: string): string {
  const key = prefix + threadId;
  return inMemory.get(key) ?? storage()?.getItem(key) ?? '';
}

function isInput(value: Partial<SavedInput> | null | undefined): value is SavedInput {
  return Boolean(value?.id && value.input?.length);
}

// Another program may have written to the storage of the site.

function parseQueue(text: string): SavedQueue {
  try {
    const { entries, removed }: Partial<SavedQueue> = JSON.parse(text);
    const isWhole = Array.isArray(entries) && Array.isArray(removed);
    return isWhole ? { entries: entries.filter(isInput), removed } : emptyQueue;
  } catch {
    return emptyQueue;
  }
}

function parseFirst(text: string): SavedInput | undefined {
  try {
    const first: Partial<SavedInput> = JSON.parse(text);
    return isInput(first) ? first : undefined;
  } catch {
    return undefined;
  }
}

/** The saved queue of a thread. The same object until it changes. */
export function readQueue(threadId: string): SavedQueue {
  const firstText = storage('sessionStorage')?.getItem(firstPrefix + threadId) ?? '';
  const queueText = textOf(threadId);
  if (queueText === '' && firstText === '') return emptyQueue;
  const text = `${firstText}\n${queueText}`;
  const known = parsed.get(threadId);
  if (known?.text === text) return known.queue;
  const queue = { ...parseQueue(queueText), first: parseFirst(firstText) };
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

/**
 * Saves the first input of a new conversation in the storage of this tab. Undefined removes it. A storage without space
 * does not save it: the input is being sent.
 */
export function writeFirst(threadId: string, first: SavedInput | undefined): void {
  const key = firstPrefix + threadId;
  try {
    if (first === undefined) storage('sessionStorage')?.removeItem(key);
    else storage('sessionStorage')?.setItem(key, JSON.stringify(first));
  } catch {
    return;
  }
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
