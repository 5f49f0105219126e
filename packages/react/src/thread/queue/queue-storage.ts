/**
 * The queue of each thread, in the storage of the page. Each input has a key of its own, because several pages write at
 * the same time. A page that wrote the whole queue would remove the inputs that another one has added.
 */
import {
  keepText,
  readTabText,
  readText,
  removeText,
  savedKeys,
  saveTabText,
  saveText,
} from './page-storage.ts';
import { emptyQueue, type SavedInput, type SavedQueue, type WaitingInput } from './queued-input.ts';

const allQueues = 'longhaul/queue/';
const firstInputs = 'longhaul/first/';

const parsed = new Map<string, { readonly version: string; readonly queue: SavedQueue }>();
const listeners = new Set<() => void>();

/** A part of a key. Ids may contain any character. */
function keyPart(id: string): string {
  return encodeURIComponent(id.toWellFormed());
}

function entriesPrefix(threadId: string): string {
  return `${allQueues}${keyPart(threadId)}/input/`;
}

function entryKey(threadId: string, id: string): string {
  return entriesPrefix(threadId) + keyPart(id);
}

function removedPrefix(threadId: string): string {
  return `${allQueues}${keyPart(threadId)}/removed/`;
}

/** Undefined if another program has written it. */
function parseInput(text: string): SavedInput | undefined {
  try {
    const value: Partial<SavedInput> | null = JSON.parse(text);
    const { id, input, at = 0 } = value ?? {};
    const isWhole = typeof id === 'string' && (typeof input === 'string' || Array.isArray(input));
    return isWhole && input.length > 0 ? { ...value, id, input, at } : undefined;
  } catch {
    return undefined;
  }
}

function byTime(a: SavedInput, b: SavedInput): number {
  return a.at - b.at || (a.id < b.id ? -1 : 1);
}

/** The saved queue of a thread, in the order in which its inputs are sent. The same object until it changes. */
export function readQueue(threadId: string): SavedQueue {
  const entries = savedKeys(entriesPrefix(threadId));
  const removed = savedKeys(removedPrefix(threadId));
  const first = readTabText(firstInputs + threadId);
  if (entries.length + removed.length + first.length === 0) return emptyQueue;
  // The text of a key does not change.
  const version = [first, ...entries, ...removed].join('\n');
  const known = parsed.get(threadId);
  if (known?.version === version) return known.queue;
  const queue = {
    entries: entries
      .flatMap((key) => parseInput(readText(key)) ?? [])
      .filter(({ id }) => entries.includes(entryKey(threadId, id)))
      .toSorted(byTime),
    removed: removed
      .toSorted((a, b) => Number(readText(a)) - Number(readText(b)))
      .map((key) => decodeURIComponent(key.slice(removedPrefix(threadId).length))),
    first: parseInput(first),
  };
  parsed.set(threadId, { version, queue });
  return queue;
}

function changed(): void {
  for (const listener of listeners) listener();
}

/** Saves an input. False if the storage has no space for it. */
export function saveEntry(threadId: string, entry: SavedInput): boolean {
  const isSaved = saveText(entryKey(threadId, entry.id), JSON.stringify(entry));
  changed();
  return isSaved;
}

/** Saves an input. If the storage has no space for it, this page keeps it. */
export function keepEntry(threadId: string, entry: SavedInput): void {
  if (!saveEntry(threadId, entry)) keepText(entryKey(threadId, entry.id), JSON.stringify(entry));
  changed();
}

export function removeEntry(threadId: string, id: string): void {
  removeText(entryKey(threadId, id));
  changed();
}

/** Saves that a steered input does not wait in its run. */
export function saveRemoved(threadId: string, id: string): void {
  const key = removedPrefix(threadId) + keyPart(id);
  const time = String(Date.now());
  if (!saveText(key, time)) keepText(key, time);
  changed();
}

export function forgetRemoved(threadId: string, id: string): void {
  removeText(removedPrefix(threadId) + keyPart(id));
}

/** Saves the first input of a new conversation in the storage of this tab. Undefined removes it. */
export function saveFirst(threadId: string, first: WaitingInput | undefined): void {
  saveTabText(firstInputs + threadId, first === undefined ? '' : JSON.stringify(first));
  changed();
}

/** Calls `listener` after a change of any queue, in this page or in another one. */
export function subscribeQueues(listener: () => void): () => void {
  const ofOtherPages = ({ key }: StorageEvent): void => {
    if (key === null || key.startsWith(allQueues)) listener();
  };
  listeners.add(listener);
  window.addEventListener?.('storage', ofOtherPages);
  return () => {
    listeners.delete(listener);
    window.removeEventListener?.('storage', ofOtherPages);
  };
}
