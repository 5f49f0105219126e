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
import { emptyQueue, type SavedInput, type SavedQueue } from './queued-input.ts';

const allQueues = 'longhaul/queue/';
const firstInputs = 'longhaul/first/';

/** How long a tab keeps the first input of a conversation: for a reload. */
const firstMs = 300_000;

/** The queues since the last change, and the keys that they were read from. */
const known = new Map<string, { readonly keys: string; readonly queue: SavedQueue }>();
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

function firstOf(threadId: string): SavedInput | undefined {
  const first = parseInput(readTabText(firstInputs + keyPart(threadId)));
  return first !== undefined && first.at > Date.now() - firstMs ? first : undefined;
}

function parseQueue(threadId: string, entries: readonly string[], removed: readonly string[]): SavedQueue {
  const first = firstOf(threadId);
  if (entries.length + removed.length === 0 && first === undefined) return emptyQueue;
  return {
    entries: entries
      .flatMap((key) => parseInput(readText(key)) ?? [])
      .filter(({ id }) => entries.includes(entryKey(threadId, id)))
      .toSorted(byTime),
    removed: removed
      .toSorted((a, b) => Number(readText(a)) - Number(readText(b)))
      .map((key) => decodeURIComponent(key.slice(removedPrefix(threadId).length))),
    first,
  };
}

/** The saved queue of a thread, in the order in which its inputs are sent. The same object until a queue changes. */
export function readQueue(threadId: string): SavedQueue {
  const last = known.get(threadId);
  if (last !== undefined && listeners.size > 0) return last.queue;
  // Without a subscriber, the changes of other pages are not noticed.
  const entries = savedKeys(entriesPrefix(threadId));
  const removed = savedKeys(removedPrefix(threadId));
  const texts = [readTabText(firstInputs + keyPart(threadId)), ...entries.map(readText)];
  const keys = [...texts, ...entries, ...removed].join('\n');
  if (last?.keys === keys) return last.queue;
  const queue = parseQueue(threadId, entries, removed);
  known.set(threadId, { keys, queue });
  return queue;
}

function changed(): void {
  known.clear();
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
  changed();
}

/** Saves the first input of a new conversation in the storage of this tab. Undefined removes it. */
export function saveFirst(threadId: string, first: SavedInput | undefined): void {
  saveTabText(firstInputs + keyPart(threadId), first === undefined ? '' : JSON.stringify(first));
  changed();
}

/** Calls `listener` after a change of any queue, in this page or in another one. */
export function subscribeQueues(listener: () => void): () => void {
  const ofOtherPages = ({ key }: StorageEvent): void => {
    if (key !== null && !key.startsWith(allQueues)) return;
    known.clear();
    listener();
  };
  known.clear();
  listeners.add(listener);
  window.addEventListener?.('storage', ofOtherPages);
  return () => {
    listeners.delete(listener);
    window.removeEventListener?.('storage', ofOtherPages);
  };
}
