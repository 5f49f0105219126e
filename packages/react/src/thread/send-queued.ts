import type { AgentRef, Run } from '@longhaul/core';
import { inOnePage } from './one-page.ts';
import { isHeld, joinedInput, type QueuedInput, queueOf } from './queued-input.ts';
import { removeFromQueue, updateQueue } from './queue-changes.ts';
import { readQueue } from './queue-storage.ts';
import { isActive, type Leaf, leafNow, startRun, type ThreadScope } from './thread-scope.ts';

export function waiting(threadId: string, { path, view }: Leaf): readonly QueuedInput[] {
  const known = new Set(path.flatMap(({ version }) => version.runs.map(({ runId }) => runId)));
  return queueOf(readQueue(threadId), view, (runId) => known.has(runId));
}

/** The inputs that become one turn. The run has the id of the first one. */
type Choice = (queue: readonly QueuedInput[], leaf: Leaf) => readonly QueuedInput[];

/**
 * Sends inputs of the queue as one turn, if the last turn has ended. One page sends them: the others find the run when
 * they have the lock. Resolves when the turn has started, or when there is nothing to send.
 */
async function sendFromQueue<A extends AgentRef>(scope: () => ThreadScope<A>, choose: Choice): Promise<void> {
  const { threadId } = scope();
  if (threadId === undefined) return;
  const started = Promise.withResolvers<void>();
  const sending = inOnePage(`longhaul/queue/${threadId}`, async () => {
    const now = scope();
    const leaf = await leafNow(now, true);
    if (isActive(leaf.view)) return;
    const queue = waiting(threadId, leaf);
    const chosen = choose(queue, leaf);
    const [first] = chosen;
    if (first === undefined) return;
    // A steered input is only found in the last run, so it is saved before another run follows.
    updateQueue(threadId, (saved) => {
      const kept = new Set(saved.entries.map(({ id }) => id));
      return { ...saved, entries: [...queue.filter(({ id }) => !kept.has(id)), ...saved.entries] };
    });
    const input = joinedInput(chosen.map((entry) => entry.input));
    const run = startRun(now, input, { runId: first.id, continueFrom: leaf.view?.runId });
    started.resolve();
    await savedOrOver(run);
    removeFromQueue(
      threadId,
      chosen.map(({ id }) => id),
    );
  });
  await Promise.race([started.promise, sending]);
}

/** Waits until other pages can see the run. If it was refused, its handle shows why. */
async function savedOrOver(run: Run): Promise<void> {
  await run.saved().catch(() => undefined);
}

/** Sends the next input of the queue, unless the queue is held. */
export async function sendNext<A extends AgentRef>(scope: () => ThreadScope<A>): Promise<void> {
  await sendFromQueue(scope, (queue, { view }) => (isHeld(view?.status) ? [] : queue.slice(0, 1)));
}

/** Sends all waiting inputs as one turn. */
export async function sendHeld<A extends AgentRef>(scope: () => ThreadScope<A>): Promise<void> {
  await sendFromQueue(scope, (queue) => queue);
}
