import { randomId } from '@longhaul/core';
import { isBegun, isHeld, type WaitingInput } from './queue/queued-input.ts';
import type { Leaf } from './thread-scope.ts';

/** Chooses the inputs that become one turn. */
export type Choose = (queue: readonly WaitingInput[], leaf: Leaf) => readonly WaitingInput[];

/** The id of the run for these inputs. A page that sends what another page was sending starts the same run. */
export function runIdOf(chosen: readonly WaitingInput[], queue: readonly WaitingInput[]): string {
  const [first] = chosen;
  const sentAs = first?.sentAs;
  const sameRun = queue.filter((entry) => entry.sentAs === sentAs);
  if (
    sentAs !== undefined &&
    sameRun.length === chosen.length &&
    sameRun.every((one) => chosen.includes(one))
  )
    return sentAs;
  return first === undefined || chosen.some((entry) => entry.sentAs !== undefined) ? randomId() : first.id;
}

/**
 * Whether the queue waits for the next `send` of the person. The last turn was stopped or has failed, or the thread does
 * not have the run that the first input follows. Another page is saving that run, or it was never saved.
 */
export function waitsForPerson(queue: readonly WaitingInput[], { view, runs }: Leaf): boolean {
  if (queue.some(isBegun)) return false;
  const { after, isHeld: isFirstHeld = false } = queue[0] ?? {};
  const isUnknown = after !== undefined && !runs.some(({ runId }) => runId === after);
  return isHeld(view?.status) || isFirstHeld || isUnknown;
}

/** The inputs that a page has begun to send, or the next one, unless the queue waits for the person. */
export const nextInputs: Choose = (queue, leaf) => {
  const begun = queue.find(isBegun);
  if (begun !== undefined) return queue.filter((entry) => isBegun(entry) && entry.sentAs === begun.sentAs);
  return waitsForPerson(queue, leaf) ? [] : queue.slice(0, 1);
};

/** All waiting inputs, but first those that a page has begun to send, and the one that begins the conversation. */
export const allInputs: Choose = (queue, leaf) => {
  if (leaf.view === undefined) return queue.slice(0, 1);
  return queue.some(isBegun) ? nextInputs(queue, leaf) : queue;
};
