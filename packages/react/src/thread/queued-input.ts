import type { RunInput, RunView } from '@longhaul/core';

/** Input that waits for the next turn. */
export interface QueuedInput {
  /** The id of the run that the input will become, so that two pages start one run. */
  readonly id: string;
  readonly input: RunInput;
}

/** An input of the queue, as the storage of the page has it. */
export interface SavedInput extends QueuedInput {
  readonly owner?: string;
  /** The run that was active when the input was queued. Another page may see it later than the input. */
  readonly after?: string;
}

/** The saved part of a thread's queue. */
export interface SavedQueue {
  readonly entries: readonly SavedInput[];
  /** The ids of steered inputs that do not wait in their run: they were sent or removed, or they are in `entries`. */
  readonly removed: readonly string[];
}

export const emptyQueue: SavedQueue = { entries: [], removed: [] };

/**
 * The queue of a thread: the steered inputs that the last run has not used, and the saved inputs, without those that
 * have become runs. Empty until the last run is loaded: another person, who may not read the thread, may use the
 * browser now.
 */
export function queueOf(
  { entries, removed }: SavedQueue,
  leaf: RunView | undefined,
  isStarted: (runId: string) => boolean,
): readonly SavedInput[] {
  if (leaf === undefined) return [];
  const { owner } = leaf;
  const unused = hasEnded(leaf) ? leaf.steered : [];
  const steered = unused
    .filter(({ sentIn, steerId }) => sentIn === undefined && !removed.includes(steerId))
    .map(({ steerId, input }) => ({ id: steerId, input }));
  // The owner of a run is known when the server has accepted it. An input that was queued before that belongs to the
  // owner of the run that it follows.
  const isOwn = ({ owner: of, after }: SavedInput): boolean =>
    of === owner || (of === undefined && after !== undefined && isStarted(after));
  const saved = entries.filter(isOwn);
  const waiting = [...steered, ...saved].filter(({ id }) => !isStarted(id));
  return waiting.filter(({ id }, index) => waiting.findIndex((one) => one.id === id) === index);
}

function hasEnded({ status }: RunView): boolean {
  return status === 'completed' || status === 'incomplete' || isHeld(status);
}

/** Whether a queue waits for the next `send`: after a stop, or a failure, the person decides. */
export function isHeld(status: RunView['status'] | undefined): boolean {
  return status === 'cancelled' || status === 'failed';
}

/** Several inputs as one, in this order. */
export function joinedInput(inputs: readonly RunInput[]): RunInput {
  const [only] = inputs;
  if (inputs.length === 1 && only !== undefined) return only;
  return inputs.flatMap((input) =>
    typeof input === 'string' ? [{ role: 'user', content: input }] : [...input],
  );
}
