import type { RunInput, RunView } from '@longhaul/core';

/** Input that waits for the next turn. */
export interface QueuedInput {
  /** The id of the run that the input will become, so that two pages start one run. */
  readonly id: string;
  readonly input: RunInput;
}

/** An input of the queue, and what decides when it is sent. */
export interface WaitingInput extends QueuedInput {
  readonly owner?: string;
  /** The title of the conversation that the input begins. */
  readonly title?: string | undefined;
  /** The last run when the input was queued. Another page may see it later than the input. */
  readonly after?: string;
}

/** An input of the queue, as the storage of the page has it. */
export interface SavedInput extends WaitingInput {
  /** The time of the input, in milliseconds. The inputs are sent in this order. */
  readonly at: number;
}

/** The saved part of a thread's queue. */
export interface SavedQueue {
  readonly entries: readonly SavedInput[];
  /** The ids of steered inputs that do not wait in their run: they were sent or removed, or they are in `entries`. Oldest first. */
  readonly removed: readonly string[];
  /**
   * The first input of a new conversation, until its run is saved. Only the tab that sends it has it: its owner is not
   * known yet, and another person may use the browser later.
   */
  readonly first?: WaitingInput | undefined;
}

export const emptyQueue: SavedQueue = { entries: [], removed: [] };

/** Whether a queue waits for the next `send`: after a stop, or a failure, the person decides. */
export function isHeld(status: RunView['status'] | undefined): boolean {
  return status === 'cancelled' || status === 'failed';
}
