import type { RunInput, RunView, ThreadRun } from '@longhaul/core';
import { isHeld, runOf, type SavedQueue, type WaitingInput } from './queued-input.ts';
import { ownerOf } from '../tree/thread-runs.ts';

/**
 * The queue of a thread: the steered inputs that the last run has not used, and the saved inputs, without those that
 * have become runs. Until the last run is loaded it is empty, except in a conversation without runs: another person, who
 * may not read the thread, may use the browser now.
 *
 * @param runs All runs of the thread
 */
export function queueOf(
  { entries, removed, first }: SavedQueue,
  leaf: RunView | undefined,
  runs: readonly ThreadRun[],
): readonly WaitingInput[] {
  if (leaf === undefined) {
    if (first === undefined || runs.length > 0) return [];
    return [first, ...entries.filter(({ after }) => after === first.id)];
  }
  const owner = ownerOf(runs);
  const runIds = new Set(runs.map(({ runId }) => runId));
  const unused = hasEnded(leaf) ? leaf.steered : [];
  const steered = unused
    .filter(({ sentIn, steerId }) => sentIn === undefined && !removed.includes(steerId))
    .map(({ steerId, input }) => ({ id: steerId, input }));
  // The owner of a run is known when the server has accepted it. An input that was queued before that belongs to the
  // owner of the run that it follows.
  const isOwn = ({ owner: of, after }: WaitingInput): boolean =>
    of === owner || (of === undefined && after !== undefined && runIds.has(after));
  const saved = entries.filter(isOwn);
  const waiting = [...steered, ...saved].filter((entry) => !runIds.has(runOf(entry)));
  return waiting.filter(({ id }, index) => waiting.findIndex((one) => one.id === id) === index);
}

function hasEnded({ status }: RunView): boolean {
  return status === 'completed' || status === 'incomplete' || isHeld(status);
}

/** Several inputs as one, in this order. */
export function joinedInput(inputs: readonly RunInput[]): RunInput {
  const [only] = inputs;
  if (inputs.length === 1 && only !== undefined) return only;
  return inputs.flatMap((input) =>
    typeof input === 'string' ? [{ role: 'user', content: input }] : [...input],
  );
}
