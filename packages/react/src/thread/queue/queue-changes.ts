import { LonghaulError } from '@longhaul/core';
import type { QueuedInput, WaitingInput } from './queued-input.ts';
import {
  forgetRemoved,
  keepEntry,
  readQueue,
  removeEntry,
  saveEntry,
  saveFirst,
  saveRemoved,
} from './queue-storage.ts';

/** The most ids of removed inputs that are remembered. */
const remembered = 100;

/** The ids of the inputs that are not saved: steered inputs that their run has not used. */
export function steeredOf(threadId: string, ids: readonly string[]): readonly string[] {
  const { entries, first } = readQueue(threadId);
  const saved = new Set([first, ...entries].map((entry) => entry?.id));
  return ids.filter((id) => !saved.has(id));
}

/** Remembers steered inputs that do not wait in their run. They stay in their run. */
function rememberRemoved(threadId: string, ids: readonly string[]): void {
  for (const id of ids) saveRemoved(threadId, id);
  const others = readQueue(threadId).removed.filter((id) => !ids.includes(id));
  for (const id of others.slice(0, Math.max(0, others.length + ids.length - remembered)))
    forgetRemoved(threadId, id);
}

/**
 * Removes inputs from the queue.
 *
 * @param steered Those of them that are steered inputs
 */
export function removeFromQueue(
  threadId: string,
  ids: readonly string[],
  steered: readonly string[] = steeredOf(threadId, ids),
): void {
  if (ids.some((id) => id === readQueue(threadId).first?.id)) saveFirst(threadId, undefined);
  for (const id of ids) removeEntry(threadId, id);
  rememberRemoved(threadId, steered);
}

/** Saves the steered inputs of a queue, before the other inputs. Their run may be replaced, or deleted. */
export function keepInQueue(
  threadId: string,
  queue: readonly QueuedInput[],
  owner: string | undefined,
): void {
  const { entries } = readQueue(threadId);
  const steered = steeredOf(
    threadId,
    queue.map(({ id }) => id),
  );
  const before = (entries[0]?.at ?? Date.now()) - steered.length;
  const kept = queue.filter(({ id }) => steered.includes(id));
  for (const [index, { id, input }] of kept.entries())
    keepEntry(threadId, { id, input, at: before + index, ...(owner === undefined ? {} : { owner }) });
  rememberRemoved(threadId, steered);
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
    'The input cannot wait for the next turn, because the storage of the page is full. Send it when the turn has ended.',
  );
}
