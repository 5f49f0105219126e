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
  /** The run that takes the input, since a page has begun to send it. Several inputs may become one run. */
  readonly sentAs?: string;
  /** Whether the input waits for the next `send`: the person has stopped it, or the server has refused it for now. */
  readonly isHeld?: boolean;
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
   * The first input of a new conversation, until its run is saved. Only the tab that sends it has it, for five minutes:
   * its owner is not known yet, and another person may use the browser later.
   */
  readonly first?: SavedInput | undefined;
}

export const emptyQueue: SavedQueue = { entries: [], removed: [] };

/** The run that an input becomes. */
export function runOf({ sentAs, id }: WaitingInput): string {
  return sentAs ?? id;
}

/** Whether a page has begun to send an input, and may have been closed before the input was saved as a run. */
export function isBegun({ sentAs, isHeld: isStopped = false }: WaitingInput): boolean {
  return sentAs !== undefined && !isStopped;
}

/** Whether a queue waits for the next `send`: after a stop, or a failure, the person decides. */
export function isHeld(status: RunView['status'] | undefined): boolean {
  return status === 'cancelled' || status === 'failed';
}
