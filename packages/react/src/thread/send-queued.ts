import type { AgentRef, Run, RunInput } from '@longhaul/core';
import { inOnePage } from './one-page.ts';
import { isHeld, joinedInput, type QueuedInput, queueOf, type SavedQueue } from './queued-input.ts';
import { readQueue, updateQueue } from './queue-storage.ts';
import { isActive, type Leaf, leafNow, startRun, type ThreadScope } from './thread-scope.ts';

/** The most ids of removed inputs that are remembered. */
const remembered = 100;

/** Removes inputs from the saved queue. An input that was steered stays in its run, so its id is remembered. */
export function removeFromQueue(threadId: string, ids: readonly string[]): void {
  updateQueue(threadId, ({ entries, removed }) => ({
    entries: entries.filter(({ id }) => !ids.includes(id)),
    removed: [...removed.filter((id) => !ids.includes(id)), ...ids].slice(-remembered),
  }));
}

/** Adds an input to the saved queue. */
export function addToQueue(threadId: string, entry: SavedQueue['entries'][number]): void {
  updateQueue(threadId, (queue) => ({ ...queue, entries: [...queue.entries, entry] }));
}

export function waiting(threadId: string, { path, view }: Leaf): readonly QueuedInput[] {
  const known = new Set(path.flatMap(({ version }) => version.runs.map(({ runId }) => runId)));
  return queueOf(readQueue(threadId), view, (runId) => known.has(runId));
}

/**
 * Sends inputs of the queue as one turn. One page sends them: the run has the id of the first input, and the others see
 * the run when they have the lock.
 *
 * @param choose Which of the waiting inputs become the turn, and its input. Undefined: none.
 */
async function sendFromQueue<A extends AgentRef>(
  scope: () => ThreadScope<A>,
  choose: (
    queue: readonly QueuedInput[],
    leaf: Leaf,
  ) => { ids: readonly string[]; input: RunInput } | undefined,
): Promise<void> {
  const { threadId } = scope();
  if (threadId === undefined) return;
  await inOnePage(`longhaul/queue/${threadId}`, async () => {
    const now = scope();
    const leaf = await leafNow(now, true);
    if (isActive(leaf.view)) return;
    const queue = waiting(threadId, leaf);
    const chosen = choose(queue, leaf);
    const [runId] = chosen?.ids ?? [];
    if (chosen === undefined || runId === undefined) return;
    // The steered inputs of this run are no longer found when another run follows it.
    updateQueue(threadId, (saved) => {
      const kept = new Set(saved.entries.map(({ id }) => id));
      return { ...saved, entries: [...queue.filter(({ id }) => !kept.has(id)), ...saved.entries] };
    });
    const run = startRun(now, chosen.input, { runId, continueFrom: leaf.view?.runId });
    await savedOrOver(run);
    removeFromQueue(threadId, chosen.ids);
  });
}

/** Waits until other pages can see the run. If it was refused, its handle shows why. */
async function savedOrOver(run: Run): Promise<void> {
  await run.saved().catch(() => undefined);
}

/** Sends the next input of the queue, unless the queue is held. */
export async function sendNext<A extends AgentRef>(scope: () => ThreadScope<A>): Promise<void> {
  await sendFromQueue(scope, ([next], { view }) =>
    next === undefined || isHeld(view?.status) ? undefined : { ids: [next.id], input: next.input },
  );
}

/** Sends all waiting inputs, and this one after them, as one turn. */
export async function sendHeld<A extends AgentRef>(
  scope: () => ThreadScope<A>,
  input: RunInput,
  id: string,
): Promise<void> {
  await sendFromQueue(scope, (queue) => ({
    ids: [...queue.map((entry) => entry.id), id],
    input: joinedInput([...queue.map((entry) => entry.input), input]),
  }));
}
